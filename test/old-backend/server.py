"""A sync backend of the older dialect, with nothing but Python's standard library.

No `id` or `seq`, no heartbeat but comments, no `percent_complete`, no feed, other words for the ends, keep-alives for
ever for an unknown id, and cookies from another origin. Prints its port, and serves until it is killed.
"""

import json
import threading
import time
import uuid
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

syncs = {}
changed = threading.Condition()

STEP = 0.03
ITEMS = 20


def now():
    # A naive time, as isoformat() of utcnow() was.
    return datetime.now(timezone.utc).replace(tzinfo=None).isoformat()


def update(sync_id, event, **fields):
    with changed:
        sync = syncs[sync_id]
        sync["progress"].update(fields, updated_at=now())
        sync["event"] = event
        sync["version"] += 1
        changed.notify_all()


def play(sync_id, course):
    for status, stage in (("syncing", "Fetching emails..."), ("parsing", "Reading emails..."), ("embedding", "Indexing...")):
        update(sync_id, "progress", status=status, stage=stage, total_items=ITEMS, processed_items=0)
        for index in range(ITEMS):
            time.sleep(STEP)
            if course == "fails" and status == "parsing":
                update(sync_id, "error", status="failed", error_message="The mailbox is locked.", completed_at=now())
                return
            update(sync_id, "progress", processed_items=index + 1, current_item=f"Email {index + 1}")
    update(sync_id, "complete", status="completed", stage="Done", completed_at=now())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def cors(self):
        self.send_header("Access-Control-Allow-Origin", self.headers.get("Origin", "*"))
        self.send_header("Access-Control-Allow-Credentials", "true")
        self.send_header("Access-Control-Allow-Headers", "content-type")

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.cors()
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if self.path.endswith("/sync"):
            self.send_header("Set-Cookie", "session=abc; Path=/")
        self.end_headers()
        self.wfile.write(data)

    def do_OPTIONS(self):
        self.send_response(204)
        self.cors()
        self.end_headers()

    def do_POST(self):
        # /api/integrations/<course>/sync
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        course = self.path.split("/")[3]
        sync_id = str(uuid.uuid4())
        syncs[sync_id] = {
            "version": 0,
            "event": "started",
            "drops": 2 if course == "drops" else 0,
            "progress": {
                "sync_id": sync_id,
                "tenant_id": "acme",
                "connector_type": "gmail",
                "status": "connecting",
                "stage": "Connecting...",
                "total_items": 0,
                "processed_items": 0,
                "failed_items": 0,
                "current_item": None,
                "error_message": None,
                "started_at": now(),
                "updated_at": now(),
                "completed_at": None,
            },
        }
        threading.Thread(target=play, args=(sync_id, course), daemon=True).start()
        self.answer(200, {"success": True, "sync_id": sync_id})

    def do_GET(self):
        sync_id = self.path.split("/")[3]
        if self.path.endswith("/stream"):
            self.stream(sync_id)
        elif sync_id in syncs:
            self.answer(200, {"success": True, "progress": syncs[sync_id]["progress"]})
        else:
            self.answer(404, {"success": False, "error": "Sync not found"})

    def stream(self, sync_id):
        self.close_connection = True
        if "session=abc" not in (self.headers.get("Cookie") or ""):
            self.answer(401, {"success": False, "error": "Not signed in"})
            return
        self.send_response(200)
        self.cors()
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            self.send_events(sync_id)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def send_events(self, sync_id):
        sync = syncs.get(sync_id)
        while sync is None:
            self.write(": keep-alive\n\n")
            time.sleep(0.2)
        event, version, sent = "current_state", -1, 0
        while True:
            with changed:
                changed.wait_for(lambda: sync["version"] != version, timeout=0.2)
                is_new = sync["version"] != version
                version = sync["version"]
                data = json.dumps(sync["progress"])
                if event is None:
                    event = sync["event"]
                is_over = sync["progress"]["status"] in ("completed", "failed")
            if not is_new:
                self.write(": keep-alive\n\n")
                continue
            self.write(f"event: {event}\ndata: {data}\n\n")
            sent += 1
            if is_over:
                return
            if sync["drops"] > 0 and sent >= 12:
                sync["drops"] -= 1
                return
            event = None

    def write(self, text):
        self.wfile.write(text.encode())
        self.wfile.flush()


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
