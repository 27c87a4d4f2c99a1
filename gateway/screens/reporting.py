"""How the pages of reporting's records look."""

from __future__ import annotations

from gateway.screen import Screen

SCREENS = {
    # codes and ids, for programs
    "fact": Screen(hidden=frozenset({"record_id", "about_id", "detail"})),
}
