package httpshell

import (
	"io"
	"net/http"
	"time"

	"github.com/mesos/mesos-go/api/v1/lib/scheduler"

	"github.com/dcos-cockroachdb/dcos-cockroachdb/test/mesos/model"
)

// streamHeader carries the id of a subscription, in the answer to SUBSCRIBE and in every later call.
const streamHeader = "Mesos-Stream-Id"

// maxBody is the largest call that is read, in bytes.
const maxBody = 256 << 20

func discard(body io.Reader) (int64, error) {
	return io.Copy(io.Discard, io.LimitReader(body, maxBody))
}

// schedulerAPI is POST /api/v1/scheduler.
func (s *Server) schedulerAPI(w http.ResponseWriter, r *http.Request) {
	if s.faults.strike(w, r) {
		return
	}
	if r.Method != http.MethodPost {
		notAllowed(w, r)
		return
	}
	media, refused := contentType(r)
	if refused != nil {
		refused.write(w)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		answer{http.StatusBadRequest, "Failed to read the body: " + err.Error()}.write(w)
		return
	}
	call := &scheduler.Call{}
	if err := media.decode(body, call, "Call"); err != nil {
		answer{http.StatusBadRequest, err.Error()}.write(w)
		return
	}
	if refusal := model.Validate(call); refusal != nil {
		answer{refusal.Status, refusal.Text}.write(w)
		return
	}
	if call.Type == scheduler.Call_SUBSCRIBE {
		s.subscribe(w, r, call)
		return
	}
	s.call(w, r, call)
}

func (s *Server) call(w http.ResponseWriter, r *http.Request, call *scheduler.Call) {
	if s.options.Before != nil {
		s.options.Before(call)
	}
	var refusal *model.Refusal
	alive := s.owner.do(func(m *model.Model, now time.Time) {
		refusal = m.Call(now, r.Header.Get(streamHeader), call)
	})
	switch {
	case !alive:
		stopped.write(w)
	case refusal != nil:
		s.observe(call, refusal.Status)
		answer{refusal.Status, refusal.Text}.write(w)
	default:
		s.observe(call, model.SuccessStatus(call))
		s.faults.beforeAnswer(r)
		w.WriteHeader(model.SuccessStatus(call))
	}
}

func (s *Server) subscribe(w http.ResponseWriter, r *http.Request, call *scheduler.Call) {
	media, refused := accepted(r)
	if refused != nil {
		refused.write(w)
		return
	}
	if r.Header.Get(streamHeader) != "" {
		answer{model.RefusedSubscribeWithStream.Status, model.RefusedSubscribeWithStream.Text}.write(w)
		return
	}
	var refusal *model.Refusal
	var made *stream
	alive := s.owner.do(func(m *model.Model, now time.Time) {
		var id string
		if id, refusal = m.Subscribe(now, call); refusal == nil {
			made = newStream(id, s.faults)
			s.owner.streams[id] = made
		}
	})
	switch {
	case !alive:
		stopped.write(w)
		return
	case refusal != nil:
		s.observe(call, refusal.Status)
		answer{refusal.Status, refusal.Text}.write(w)
		return
	}
	s.observe(call, http.StatusOK)
	w.Header().Set("Content-Type", string(media))
	w.Header().Set(streamHeader, made.id)
	w.WriteHeader(http.StatusOK)
	controller := http.NewResponseController(w)
	err := made.writeTo(r.Context(), w, controller.Flush, media)
	s.owner.do(func(m *model.Model, now time.Time) {
		delete(s.owner.streams, made.id)
		m.Disconnect(now, made.id)
	})
	if err != nil && r.Context().Err() == nil {
		s.log.Warn("an event stream broke", "stream_id", made.id, "error", err)
	}
}

// stopped is what is left to say when the master has been closed.
var stopped = answer{http.StatusServiceUnavailable, "The master has been stopped"}

func notAllowed(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", http.MethodPost)
	answer{http.StatusMethodNotAllowed,
		"405 Method Not Allowed. Expecting one of { 'POST' }, but received '" + r.Method + "'."}.write(w)
}
