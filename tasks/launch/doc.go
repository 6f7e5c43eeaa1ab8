// Package launch is the border between our vocabulary and Mesos' messages for what runs: it turns a target and a record
// into an ExecutorInfo and a TaskInfo, a resource into Mesos' form and back, and a stored status into a TaskStatus.
//
// It decides the shape of those messages: which resources go to the executor and which to the task, the environment that
// a task and its checks see, labels, discovery, checks, the kill policy. It never decides what is launched or where
// (plans, offers), and never talks to a master (scheduler/mesos). It is pure: the same record gives the same message, so
// the message need not be stored (tasks/doc.go).
//
// The shape follows the DC/OS SDK, because DC/OS' DNS, load balancer and tools read it, with these differences:
//
//   - Every port gets PORT_<NAME> in the environment (the SDK's documentation promises it, its code does not).
//   - No volume for /tmp: agents without the isolator filesystem/linux refuse an absolute container path.
//   - The executor's shutdown grace is longer than the task's kill grace. An agent that shuts an executor down waits
//     five seconds otherwise, too short for a database to drain.
//   - VIP labels are named by a UUID made from task id and port, not by a random one, so that messages are repeatable.
//
// Designs weighed for the two formats of reservations: (1) two kinds of resource in our vocabulary; (2) one, the refined
// stack, with the older form made and read only here. The second won: nothing else has to know that there are two.
//
// Read next: group.go (the whole message), resource.go and offered.go (both ways), then scheduler/mesos.
package launch
