"""When two companies are the same one: keys that ignore how a name or a number happened to be written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

_CHINESE_FORMS = (
    "有限责任公司", "股份有限公司", "有限公司", "股份公司", "控股公司", "总公司", "分公司", "公司", "集团", "控股", "股份",
)  # fmt: skip
_ENGLISH_FORM = re.compile(
    r"(?:^|[\s,.]+|(?<=\W))(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|sa|bv|pte|pty"
    r"|group|holdings)$"
)
_NOT_A_WORD = re.compile(r"[\W_]+")
_NOT_A_DIGIT = re.compile(r"\D")
_EXTENSION = re.compile(r"(ext|x|转|#|\*)\.?\s*\d+$", re.IGNORECASE)


def name_key(name: str) -> str:
    """A company's name without its legal form, blanks, punctuation, case and width: 泰微（上海）有限公司 → 泰微上海.

    A name that is nothing but legal form is kept whole.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    short = _without_form(folded)
    while (shorter := _without_form(short)) != short:
        short = shorter
    return (_NOT_A_WORD.sub("", short) or _NOT_A_WORD.sub("", folded) or folded)[:200]


def _without_form(name: str) -> str:
    name = name.rstrip(" .,(")
    if name.endswith(_CHINESE_FORMS):
        return name.removesuffix(next(form for form in _CHINESE_FORMS if name.endswith(form)))
    return _ENGLISH_FORM.sub("", name) if name[-1:].isascii() else name


def phone_key(phone: str | None) -> str | None:
    """The digits of a number without country code, trunk zero and extension; None where too few remain to tell."""
    if not phone:
        return None
    written = unicodedata.normalize("NFKC", phone).strip()
    if not written.isdecimal():
        written = _EXTENSION.sub("", written)
    digits = _NOT_A_DIGIT.sub("", written)
    if written.startswith("+86") or digits.startswith("0086"):
        digits = digits.removeprefix("00").removeprefix("86")
    digits = digits.lstrip("0")
    return digits[:40] if len(digits) >= 7 else None


def tax_key(tax_number: str | None) -> str | None:
    """A tax number without blanks, in capitals."""
    if not tax_number:
        return None
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", tax_number)).upper() or None


@dataclass(frozen=True)
class Pool:
    """What holds for one person; None is without limit."""

    idle_days: int | None = None
    picks_a_day: int | None = None
    most_held: int | None = None


def pool(*written: Any) -> Pool:
    """From her own rule and the one for everybody: the first that says something about a figure counts."""
    found = {}
    for name in Pool.__dataclass_fields__:
        said = (getattr(rule, name) for rule in written if rule is not None)
        found[name] = next((value for value in said if value is not None), None)
    return Pool(**found)


REACHED_BY = frozenset({"phone", "mobile", "email"})
"""Fields of which a web form asks at least one, and its answer fills at least one."""


def is_link_name(text: str) -> bool:
    """Small letters, digits, underscores and hyphens: it is read aloud and typed."""
    return re.fullmatch(r"[a-z0-9][a-z0-9_-]{1,39}", text) is not None
