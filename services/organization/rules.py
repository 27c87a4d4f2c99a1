"""Pure rules: how codes, logins and permissions look, which passwords are too weak, how long to wait after wrong ones."""

from __future__ import annotations

import hashlib
import itertools
import re
import unicodedata
from datetime import datetime, timedelta

IDLE = timedelta(hours=12)
"""A session that nobody used for so long has ended."""
OLDEST = timedelta(days=7)
"""No session lasts longer, however much it is used."""
GLANCE = timedelta(minutes=1)
"""«Last seen» is kept to the minute; writing it at each request would cost more than it tells."""
KEPT = timedelta(days=180)
"""How long ended sessions and the sign-in log are kept."""

WRITER_GONE = timedelta(minutes=2)
"""Whoever writes an export and was not heard of for so long has ended; another begins anew."""
MOST_ATTEMPTS = 3
"""So often an export is begun before it fails."""
FILES_KEPT = timedelta(days=7)
"""How long the file of an export waits for its owner."""

TOKEN_MARK = "gx_"
"""How every API token begins, so that people and scanners for leaked secrets know one when they see it."""

WINDOW = timedelta(hours=1)
"""Wrong passwords older than this no longer count."""
SHORTEST, LONGEST = 15, 900
"""Seconds to wait after the first wrong password too many, and at most; doubled each time between."""
FREE_HERE, FREE_ADDRESS, FREE_LOGIN = 5, 30, 20
"""Wrong passwords without a wait: for one login from one address, from one address (an office is one), for one login
from anywhere."""

SHORTEST_PASSWORD = 8
COMMON = frozenset(
    {
        "password", "passw0rd", "password1", "iloveyou", "qwertyui", "qwertyuiop", "1q2w3e4r", "1qaz2wsx", "abcd1234",
        "a1234567", "aa123456", "woaini1314", "asdfghjk", "asdfghjkl", "zxcvbnm123", "letmein1", "administrator",
        "changeme", "guanxi123",
    }
)  # fmt: skip


def folded(text: str) -> str:
    """As codes and logins are compared: full-width and case folded."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def is_branch_code(text: str) -> bool:
    """Capitals and digits, short: it stands in every number."""
    return re.fullmatch(r"[A-Z][A-Z0-9]{1,9}", text) is not None


def is_code(text: str) -> bool:
    """Small letters, digits and underscores."""
    return re.fullmatch(r"[a-z0-9][a-z0-9_]{0,39}", text) is not None


SHIPPED_PREFIXES = frozenset({"XS", "KH", "BJ", "XM", "ZS", "FW", "JJ", "HT", "HK", "YS"})
"""How the numbers of shipped records begin."""


def is_number_prefix(text: str) -> bool:
    """Two to six capitals: it stands in front of branch, year and number."""
    return re.fullmatch(r"[A-Z]{2,6}", text) is not None


def is_entity(text: str) -> bool:
    """`service.noun`, the name of a kind of record."""
    return re.fullmatch(r"[a-z][a-z_]*\.[a-z][a-z0-9_]*", text) is not None


def is_login(text: str) -> bool:
    """Letters of any script, digits and . _ - @, without blanks."""
    return re.fullmatch(r"[\w.@-]{2,60}", text) is not None


def is_permission(text: str) -> bool:
    """`customer.lead.read`, `sales.*`, `*.read`, `*`: names with dots, stars where anything goes."""
    return re.fullmatch(r"[a-z_*]+(\.[a-z0-9_*]+){0,2}", text) is not None


def digest(secret: str) -> str:
    """What is kept of a secret of ours: it is long and random, so a plain digest cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def password_text(password: str) -> str:
    """The same password however the keyboard composed its characters."""
    return unicodedata.normalize("NFC", password)


def is_weak(password: str, *known: str | None) -> bool:
    """Too short, all alike, a short number, counting up, widely used, or made of what everybody knows about the person."""
    plain = folded(password)
    if len(password) < SHORTEST_PASSWORD or len(set(plain)) < 4 or plain in COMMON:
        return True
    if plain.isdigit() and len(plain) < 12:
        return True
    steps = {ord(b) - ord(a) for a, b in itertools.pairwise(plain)}
    if steps in ({1}, {-1}):
        return True
    bare = re.sub(r"[\W\d_]+", "", plain)
    return bool(bare) and any(
        bare == re.sub(r"[\W\d_]+", "", folded(word)) for word in known if word and len(word) > 2
    )


def wait(wrong: list[datetime], now: datetime, free: int) -> int:
    """Seconds to wait before the next attempt, given the moments of the wrong ones since the last right one."""
    if len(wrong) < free:
        return 0
    pause = min(LONGEST, SHORTEST * 2 ** min(len(wrong) - free, 20))
    left = max(wrong) + timedelta(seconds=pause) - now
    return max(0, -(-left // timedelta(seconds=1)))
