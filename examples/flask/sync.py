"""What a sync is, and how its work reports. What the fields mean: docs/protocol.md."""

import logging
import threading
import uuid
from datetime import datetime, timezone

# Stands for your sources: how many items, seconds for each, every which one fails, and what ends it.
SOURCES = {
    "gmail": {"items": 20, "seconds": 0.05},
    "drive": {"items": 9, "seconds": 0.05, "failing": 3},
    "crm": {"items": 9, "seconds": 0.05, "error": "The access to your CRM has expired."},
    "archive": {"items": 1000, "seconds": 0.1},
}
TERMINAL = {"complete", "error", "cancelled"}


class Sync:
    """One sync. Its state is replaced, never changed, so that it can be read without a lock."""

    def __init__(self, source_type):
        self.failures = []
        self.changed, self.ended = threading.Condition(), threading.Event()
        self.state = {
            "sync_id": str(uuid.uuid4()), "connector_type": source_type, "status": "queued", "stage": "",
            "total_items": None, "processed_items": 0, "failed_items": 0, "current_item": None,
            "error_message": None, "error_code": None, "percent_complete": None,
            "capabilities": ["cancel", "failures"], "seq": 1,
            "started_at": now(), "updated_at": now(), "completed_at": None,
        }  # fmt: skip

    def update(self, **changes):
        """Changes the state, unless the sync has ended. Returns whether it did."""
        with self.changed:
            if self.ended.is_set():
                return False
            state = {**self.state, **changes, "seq": self.state["seq"] + 1}
            state["updated_at"] = max(now(), state["updated_at"])
            done, total = state["processed_items"] + state["failed_items"], state["total_items"]
            if state["status"] == "complete":
                state["percent_complete"] = 100
            elif total:
                state["percent_complete"] = max(state["percent_complete"] or 0, min(99, 100 * done / total))
            if state["status"] in TERMINAL:
                state.update(stage="", current_item=None, completed_at=state["updated_at"])
            self.state = state
            if state["status"] in TERMINAL:
                self.ended.set()
            self.changed.notify_all()
            return True

    def run(self):
        """Your work. It reports what it does, and stops when the sync has ended: somebody may cancel it."""
        source = SOURCES[self.state["connector_type"]]
        try:
            self.update(status="syncing", stage="Fetching...", total_items=source["items"])
            for number in range(1, source["items"] + 1):
                if self.ended.wait(source["seconds"]):
                    return
                item = f"Item {number}"
                if number % source.get("failing", number + 1) == 0:
                    self.failures.append({"item": item, "reason": "It is too large.", "at": now()})
                    self.update(failed_items=self.state["failed_items"] + 1, current_item=item)
                else:
                    self.update(processed_items=self.state["processed_items"] + 1, current_item=item)
                if "error" in source and number == 5:
                    self.update(status="error", error_message=source["error"], error_code="expired")
            self.update(status="complete")
        except Exception:
            logging.exception("sync %s", self.state["sync_id"])
            self.update(status="error", error_message="Something went wrong on the server.", error_code="internal")


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")
