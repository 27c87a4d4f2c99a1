"""What a service tells of itself, as a test needs it."""

from typing import Any

QUIET: dict[str, Any] = {"count": 0, "age": 0}
WELL: dict[str, Any] = {
    "inbox": {"waiting": QUIET, "held": QUIET, "parked": QUIET},
    "outbox": {**QUIET, "failing": 0},
    "queue": QUIET,
    "jobs": {"prove_books": {"done_at": "2026-03-02T01:00:00+00:00", "error": None, "late": False}},
}
FACTS: dict[str, Any] = WELL | {
    "inbox": {"waiting": {"count": 1, "age": 400}, "held": QUIET, "parked": {"count": 2, "age": 5000}},
    "outbox": {"count": 3, "age": 12.5, "failing": 1},
    "jobs": WELL["jobs"] | {"chase": {"done_at": None, "error": "ValueError: no", "late": False}},
}
MAIL: dict[str, Any] = {
    "queued": 3, "stuck": 3, "uncertain": 1, "error": "connection refused", "day": {},
    "oldest_queued_at": "2026-03-02T01:00:00+00:00",
}  # fmt: skip
EVENT: dict[str, Any] = {
    "event_id": "0199a000-0000-7000-8000-000000000001", "door": "open_opportunity", "type": "customer.lead_converted",
    "aggregate_id": "0199a000-0000-7000-8000-000000000002", "state": "parked", "attempts": 8, "error": "ValueError: no",
    "history": [{"at": "2026-03-02T01:00:00+00:00", "error": "ValueError: no"}], "envelope": {"name": "泰微"},
    "received_at": "2026-03-02T01:00:00+00:00", "next_attempt_at": None,
}  # fmt: skip
GIVEN_UP: dict[str, Any] = EVENT | {
    "state": "discarded",
    "history": [
        {"at": "2026-03-02T02:00:00+00:00", "did": "discarded", "name": "Root", "reason": "made twice"}
    ],
}
