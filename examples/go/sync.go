package main

import (
	"crypto/rand"
	"fmt"
	"log"
	"math"
	"sync"
	"time"
)

// Snapshot is the state of a sync. What the fields mean: docs/protocol.md.
type Snapshot struct {
	SyncID          string   `json:"sync_id"`
	ConnectorType   string   `json:"connector_type"`
	Status          string   `json:"status"`
	Stage           string   `json:"stage"`
	TotalItems      *int     `json:"total_items"`
	ProcessedItems  int      `json:"processed_items"`
	FailedItems     int      `json:"failed_items"`
	CurrentItem     *string  `json:"current_item"`
	ErrorMessage    *string  `json:"error_message"`
	ErrorCode       *string  `json:"error_code"`
	PercentComplete *float64 `json:"percent_complete"`
	Capabilities    []string `json:"capabilities"`
	Seq             int      `json:"seq"`
	StartedAt       string   `json:"started_at"`
	UpdatedAt       string   `json:"updated_at"`
	CompletedAt     *string  `json:"completed_at"`
}

func (s Snapshot) hasEnded() bool {
	return s.Status == "complete" || s.Status == "error" || s.Status == "cancelled"
}

// result is the word by which lists are filtered.
func (s Snapshot) result() string {
	switch {
	case s.Status == "error":
		return "failed"
	case s.Status == "complete" && s.FailedItems > 0:
		return "partly_failed"
	}
	return s.Status
}

// Failure is an item that could not be synced.
type Failure struct {
	Item   string `json:"item"`
	Reason string `json:"reason"`
	At     string `json:"at"`
}

// Source stands for what you sync: how many items, the time for each, every which one fails, and what ends it.
type Source struct {
	items   int
	pace    time.Duration
	failing int
	problem string
}

var sources = map[string]Source{
	"gmail":   {items: 20, pace: 50 * time.Millisecond},
	"drive":   {items: 9, pace: 50 * time.Millisecond, failing: 3},
	"crm":     {items: 9, pace: 50 * time.Millisecond, problem: "The access to your CRM has expired."},
	"archive": {items: 1000, pace: 100 * time.Millisecond},
}

// Sync is one sync. Every change closes `changed` and replaces it, which wakes all readers.
type Sync struct {
	ended    chan struct{}
	mu       sync.Mutex
	state    Snapshot
	failures []Failure
	changed  chan struct{}
}

func newSync(sourceType string) *Sync {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		panic(err)
	}
	return &Sync{ended: make(chan struct{}), changed: make(chan struct{}), failures: []Failure{}, state: Snapshot{
		SyncID: fmt.Sprintf("%x", id), ConnectorType: sourceType, Status: "queued", Seq: 1,
		Capabilities: []string{"cancel", "failures"}, StartedAt: now(), UpdatedAt: now(),
	}}
}

// latest returns the state, and a channel that is closed when there is a newer one.
func (s *Sync) latest() (Snapshot, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state, s.changed
}

// failed returns the failed items up to now.
func (s *Sync) failed() []Failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failures
}

// update changes the state, unless the sync has ended. Returns whether it did.
func (s *Sync) update(change func(state *Snapshot)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.hasEnded() {
		return false
	}
	state := s.state
	change(&state)
	state.Seq++
	if time := now(); time > state.UpdatedAt {
		state.UpdatedAt = time
	}
	if total := state.TotalItems; total != nil && *total > 0 {
		percent := math.Min(99, 100*float64(state.ProcessedItems+state.FailedItems)/float64(*total))
		if state.Status == "complete" {
			percent = 100
		} else if before := state.PercentComplete; before != nil {
			percent = math.Max(percent, *before)
		}
		state.PercentComplete = &percent
	}
	if state.hasEnded() {
		state.Stage, state.CurrentItem, state.CompletedAt = "", nil, &state.UpdatedAt
		close(s.ended)
	}
	s.state = state
	close(s.changed)
	s.changed = make(chan struct{})
	return true
}

func (s *Sync) fail(message, code string) {
	s.update(func(state *Snapshot) {
		state.Status, state.ErrorMessage, state.ErrorCode = "error", &message, &code
	})
}

// run is your work. It reports what it does, and stops when the sync has ended: somebody may cancel it.
func (s *Sync) run(source Source) {
	defer func() {
		if problem := recover(); problem != nil {
			log.Printf("sync: %v", problem)
			s.fail("Something went wrong on the server.", "internal")
		}
	}()
	s.update(func(state *Snapshot) {
		state.Status, state.Stage, state.TotalItems = "syncing", "Fetching...", &source.items
	})
	for number := 1; number <= source.items; number++ {
		select {
		case <-s.ended:
			return
		case <-time.After(source.pace):
		}
		item := fmt.Sprintf("Item %d", number)
		s.update(func(state *Snapshot) {
			state.CurrentItem = &item
			if source.failing > 0 && number%source.failing == 0 {
				state.FailedItems++
				s.failures = append(s.failures, Failure{item, "It is too large.", now()})
			} else {
				state.ProcessedItems++
			}
		})
		if source.problem != "" && number == 5 {
			s.fail(source.problem, "expired")
		}
	}
	s.update(func(state *Snapshot) { state.Status = "complete" })
}

func now() string {
	return time.Now().UTC().Format("2006-01-02T15:04:05.000Z07:00")
}
