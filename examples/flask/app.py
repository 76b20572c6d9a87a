"""A backend for react-sync-progress, with Flask alone. What it has to say: docs/protocol.md."""

import json
import os
import threading
import time

from flask import Flask, Response, abort, g, jsonify, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from sync import SOURCES, TERMINAL, Sync

# Stands for your sign-in: whom a session cookie belongs to. Nobody sees the syncs of another owner.
SESSIONS = {"ada-session": "acme/ada", "grace-session": "globex/grace"}
# The page of another origin that may call with cookies.
ORIGIN = os.environ.get("APP_ORIGIN", "http://localhost:5173")
HEARTBEAT = float(os.environ.get("HEARTBEAT_SECONDS", "5"))

app = Flask(__name__)
syncs = {owner: {} for owner in SESSIONS.values()}  # by owner and id, oldest first
lock = threading.Lock()  # of `syncs`


def refuse(status, code, error, **more):
    return jsonify(success=False, error=error, code=code, **more), status


def find(sync_id):
    """The same for the sync of somebody else as for none."""
    return syncs[g.owner].get(sync_id) or abort(404, "This sync does not exist.")


@app.before_request
def sign_in():
    origin = request.headers.get("Origin")
    if request.method == "OPTIONS":
        return Response(status=204)
    if request.method == "POST" and origin not in (None, ORIGIN, request.host_url.rstrip("/")):
        return refuse(403, "cross_site", "This request comes from a page of another origin.")
    g.owner = SESSIONS.get(request.cookies.get("session"))
    return refuse(401, "unauthorized", "Sign in to see this.") if g.owner is None else None


@app.after_request
def add_headers(response):
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Vary"] = "Origin"
    if request.headers.get("Origin") == ORIGIN:
        response.headers["Access-Control-Allow-Origin"] = ORIGIN
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
    return response


@app.errorhandler(HTTPException)
def on_error(error):
    return refuse(error.code, "_".join(error.name.lower().split()), error.description)


@app.post("/api/integrations/<source_type>/sync")
def start(source_type):
    if source_type not in SOURCES:
        abort(404, "There is no such integration.")
    with lock:
        own = syncs[g.owner]
        for sync_id, sync in own.items():
            if sync.state["connector_type"] == source_type and not sync.ended.is_set():
                return refuse(409, "already_running", "A sync of this type is already running.", sync_id=sync_id)
        for sync_id in [sync_id for sync_id, sync in own.items() if sync.ended.is_set()][:-99]:
            del own[sync_id]  # 100 are kept
        sync = Sync(source_type)
        own[sync.state["sync_id"]] = sync
    threading.Thread(target=sync.run, daemon=True).start()
    return jsonify(success=True, sync_id=sync.state["sync_id"]), 202


@app.get("/api/sync-progress")
def list_syncs():
    with lock:
        states = [sync.state for sync in reversed(syncs[g.owner].values())]
    results = ",".join(request.args.getlist("result"))
    wanted = [
        state
        for state in states
        if (request.args.get("active") != "true" or state["status"] not in TERMINAL)
        and request.args.get("type", state["connector_type"]) == state["connector_type"]
        and (not results or result_of(state) in results.split(","))
    ]
    return jsonify(success=True, syncs=wanted, next_cursor=None, feed=False)


def result_of(state):
    if state["status"] == "complete" and state["failed_items"] > 0:
        return "partly_failed"
    return "failed" if state["status"] == "error" else state["status"]


@app.get("/api/sync-progress/<sync_id>")
def snapshot(sync_id):
    return jsonify(success=True, progress=find(sync_id).state)


@app.get("/api/sync-progress/<sync_id>/stream")
def stream(sync_id):
    headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
    return Response(events(find(sync_id)), content_type="text/event-stream", headers=headers)


def events(sync):
    """All that one reader gets: the state, then the newest one whenever there is one, and the end."""
    yield "retry: 2000\n\n"
    sent, name, beat = 0, "current_state", time.monotonic() + HEARTBEAT
    while True:
        with sync.changed:
            sync.changed.wait_for(lambda: sync.state["seq"] > sent, max(0, beat - time.monotonic()))
            state = sync.state
        has_ended = state["status"] in TERMINAL
        if state["seq"] > sent:
            sent = state["seq"]
            event = name or (state["status"] if has_ended else "progress")
            yield f"id: {sent}\nevent: {event}\ndata: {json.dumps(state)}\n\n"
            name = None
        if has_ended:
            return
        # Also how a reader who has left is noticed: writing to them fails.
        if time.monotonic() >= beat:
            yield f'event: heartbeat\ndata: {{"interval_ms": {round(HEARTBEAT * 1000)}}}\n\n'
            beat = time.monotonic() + HEARTBEAT
        sync.ended.wait(0.1)  # ten events a second are enough


@app.post("/api/sync-progress/<sync_id>/cancel")
def cancel(sync_id):
    sync = find(sync_id)
    if sync.update(status="cancelled"):
        return jsonify(sync.state)
    return refuse(409, "wrong_state", "This sync has ended already.", progress=sync.state)


@app.get("/api/sync-progress/<sync_id>/failures")
def failures(sync_id):
    words = request.args.get("q", "").casefold()
    found = [f for f in find(sync_id).failures if words in f"{f['item']}\n{f['reason']}".casefold()]
    return jsonify(success=True, failures=found, next_cursor=None)


class Handler(WSGIRequestHandler):
    timeout = 30  # seconds until a reader who takes nothing is disconnected


if __name__ == "__main__":
    server = make_server("127.0.0.1", int(os.environ.get("PORT", "8000")), app, threaded=True, request_handler=Handler)
    print(f"http://127.0.0.1:{server.server_port}/api", flush=True)
    server.serve_forever()
