// A backend for react-sync-progress, with the standard library alone. What it has to say: docs/protocol.md.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

var (
	// Stands for your sign-in: whom a session cookie belongs to. Nobody sees the syncs of another owner.
	sessions = map[string]string{"ada-session": "acme/ada", "grace-session": "globex/grace"}
	// The page of another origin that may call with cookies.
	appOrigin = setting("APP_ORIGIN", "http://localhost:5173")
	heartbeat = 5 * time.Second

	mu    sync.Mutex             // of syncs
	syncs = map[string][]*Sync{} // by owner, oldest first
)

// object is JSON.
type object map[string]any

// route calls what a request is for. Paths: docs/protocol.md.
func route(w http.ResponseWriter, r *http.Request) {
	header, origin := w.Header(), r.Header.Get("Origin")
	header.Set("Cache-Control", "no-store")
	header.Set("Vary", "Origin")
	if origin == appOrigin {
		header.Set("Access-Control-Allow-Origin", origin)
		header.Set("Access-Control-Allow-Credentials", "true")
		header.Set("Access-Control-Allow-Methods", "GET, POST")
		header.Set("Access-Control-Allow-Headers", "Content-Type")
	}
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	isOwnPage := origin == "" || origin == appOrigin || origin == "http://"+r.Host || origin == "https://"+r.Host
	if r.Method == http.MethodPost && !isOwnPage {
		refuse(w, http.StatusForbidden, "cross_site", "This request comes from a page of another origin.")
		return
	}
	cookie, err := r.Cookie("session")
	if err != nil || sessions[cookie.Value] == "" {
		refuse(w, http.StatusUnauthorized, "unauthorized", "Sign in to see this.")
		return
	}
	owner := sessions[cookie.Value]
	parts := append(strings.Split(strings.Trim(r.URL.Path, "/"), "/"), "", "", "")
	path := r.Method + " " + strings.Join([]string{parts[0], parts[1], parts[3]}, "/")
	switch {
	case path == "POST api/integrations/sync":
		start(w, owner, parts[2])
	case path == "GET api/sync-progress/" && parts[2] == "":
		list(w, r, owner)
	default:
		s := find(owner, parts[2])
		if s == nil {
			refuse(w, http.StatusNotFound, "not_found", "This sync does not exist.")
			return
		}
		switch path {
		case "GET api/sync-progress/":
			state, _ := s.latest()
			respond(w, http.StatusOK, object{"success": true, "progress": state})
		case "GET api/sync-progress/stream":
			stream(w, r, s)
		case "GET api/sync-progress/failures":
			failures(w, r, s)
		case "POST api/sync-progress/cancel":
			cancel(w, s)
		default:
			refuse(w, http.StatusNotFound, "not_found", "There is nothing at this address.")
		}
	}
}

func start(w http.ResponseWriter, owner, sourceType string) {
	source, ok := sources[sourceType]
	if !ok {
		refuse(w, http.StatusNotFound, "not_found", "There is no such integration.")
		return
	}
	mu.Lock()
	defer mu.Unlock()
	own := syncs[owner]
	for _, s := range own {
		if state, _ := s.latest(); !state.hasEnded() && state.ConnectorType == sourceType {
			respond(w, http.StatusConflict, object{"success": false, "error": "A sync of this type is already running.",
				"code": "already_running", "sync_id": state.SyncID})
			return
		}
	}
	for i, s := range own { // about 100 are kept
		if state, _ := s.latest(); len(own) >= 100 && state.hasEnded() {
			own = append(own[:i:i], own[i+1:]...)
			break
		}
	}
	s := newSync(sourceType)
	syncs[owner] = append(own[:len(own):len(own)], s)
	state, _ := s.latest()
	go s.run(source)
	respond(w, http.StatusAccepted, object{"success": true, "sync_id": state.SyncID})
}

// find returns the same for the sync of somebody else as for none.
func find(owner, id string) *Sync {
	mu.Lock()
	defer mu.Unlock()
	for _, s := range syncs[owner] {
		if state, _ := s.latest(); state.SyncID == id {
			return s
		}
	}
	return nil
}

func list(w http.ResponseWriter, r *http.Request, owner string) {
	query := r.URL.Query()
	results := strings.Join(query["result"], ",")
	mu.Lock()
	own := syncs[owner]
	mu.Unlock()
	wanted := []Snapshot{}
	for i := len(own) - 1; i >= 0; i-- {
		state, _ := own[i].latest()
		if (query.Get("active") != "true" || !state.hasEnded()) &&
			(query.Get("type") == "" || query.Get("type") == state.ConnectorType) &&
			(results == "" || strings.Contains(","+results+",", ","+state.result()+",")) {
			wanted = append(wanted, state)
		}
	}
	respond(w, http.StatusOK, object{"success": true, "syncs": wanted, "next_cursor": nil, "feed": false})
}

// stream sends the state, then the newest one whenever there is one, and the end.
func stream(w http.ResponseWriter, r *http.Request, s *Sync) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache, no-transform")
	w.Header().Set("X-Accel-Buffering", "no")
	conn, _ := r.Context().Value(connKey{}).(net.Conn)
	send := func(format string, values ...any) bool {
		// A reader who takes nothing is disconnected.
		_ = conn.SetWriteDeadline(time.Now().Add(30 * time.Second))
		_, err := fmt.Fprintf(w, format, values...)
		w.(http.Flusher).Flush()
		return err == nil
	}
	defer func() { _ = conn.SetWriteDeadline(time.Time{}) }()
	beats := time.NewTicker(heartbeat)
	defer beats.Stop()
	isOpen, sent := send("retry: 2000\n\n"), 0
	for isOpen {
		state, changed := s.latest()
		if state.Seq > sent {
			event := "progress"
			if sent == 0 {
				event = "current_state"
			} else if state.hasEnded() {
				event = state.Status
			}
			data, _ := json.Marshal(state)
			sent = state.Seq
			isOpen = send("id: %d\nevent: %s\ndata: %s\n\n", sent, event, data)
		}
		if state.hasEnded() {
			return
		}
		select {
		case <-r.Context().Done(): // the reader has left
			return
		case <-beats.C:
			isOpen = send("event: heartbeat\ndata: {\"interval_ms\":%d}\n\n", heartbeat.Milliseconds())
		case <-changed:
			select { // ten events a second are enough
			case <-time.After(100 * time.Millisecond):
			case <-s.ended:
			}
		}
	}
}

func failures(w http.ResponseWriter, r *http.Request, s *Sync) {
	words, found := strings.ToLower(r.URL.Query().Get("q")), []Failure{}
	for _, failure := range s.failed() {
		if strings.Contains(strings.ToLower(failure.Item+"\n"+failure.Reason), words) {
			found = append(found, failure)
		}
	}
	respond(w, http.StatusOK, object{"success": true, "failures": found, "next_cursor": nil})
}

func cancel(w http.ResponseWriter, s *Sync) {
	isDone := s.update(func(state *Snapshot) { state.Status = "cancelled" })
	state, _ := s.latest()
	if isDone {
		respond(w, http.StatusOK, state)
	} else {
		respond(w, http.StatusConflict, object{"success": false, "error": "This sync has ended already.",
			"code": "wrong_state", "progress": state})
	}
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	respond(w, status, object{"success": false, "error": message, "code": code})
}

func setting(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

type connKey struct{}

func main() {
	if seconds, err := strconv.ParseFloat(os.Getenv("HEARTBEAT_SECONDS"), 64); err == nil {
		heartbeat = time.Duration(seconds * float64(time.Second))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+setting("PORT", "8000"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("http://%s/api\n", listener.Addr())
	server := http.Server{
		Handler:           http.HandlerFunc(route),
		ReadHeaderTimeout: 10 * time.Second,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, conn)
		},
	}
	log.Fatal(server.Serve(listener))
}
