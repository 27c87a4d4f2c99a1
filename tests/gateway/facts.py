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
