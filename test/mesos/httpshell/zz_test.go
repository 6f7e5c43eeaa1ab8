package httpshell
import ("testing";"fmt";"context";"io";"time"
"github.com/mesos/mesos-go/api/v1/lib/scheduler/calls"
)
func TestZZ(t *testing.T){
 cluster := startCluster(t, func(c *Cluster){c.Model.HeartbeatInterval=10*time.Second; c.Model.AllocationInterval=100*time.Millisecond})
 c := newClient(t, cluster.URL(), mediaJSON)
 ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond); defer cancel()
 r, err := c.post(ctx, calls.Subscribe(&c.framework)); if err!=nil {t.Fatal(err)}
 b,_ := io.ReadAll(r.Body)
 fmt.Println(r.Header, string(b))
}
