"""When two companies are the same one: keys that ignore how a name or a number happened to be written."""

from __future__ import annotations

import re
import unicodedata

_CHINESE_SUFFIX = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|股份公司|控股公司|总公司|分公司|公司|集团|控股|股份)+$"
)
_ENGLISH_SUFFIX = re.compile(
    r"[\s,.]*\b(co|company|corp|corporation|inc|incorporated|ltd|limited|llc|llp|plc|gmbh|ag|sa|bv|pte|pty|group|holdings)$"
)
_NOT_A_WORD = re.compile(r"[\W_]+")
_EXTENSION = re.compile(r"(ext|x|转|#|\*)\.?\s*\d+$", re.IGNORECASE)


def name_key(name: str) -> str:
    """A company's name without its legal form, blanks, punctuation, case and width: 泰微（上海）有限公司 → 泰微上海.

    A name that is nothing but legal form is kept whole.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().strip()
    short = folded.rstrip(" .,")
    while (cut := _ENGLISH_SUFFIX.sub("", _CHINESE_SUFFIX.sub("", short)).rstrip(" .,(")) != short:
        short = cut
    return (_NOT_A_WORD.sub("", short) or _NOT_A_WORD.sub("", folded) or folded)[:200]


def phone_key(phone: str | None) -> str | None:
    """The digits of a number without country code, trunk zero and extension; None where too few remain to tell."""
    if not phone:
        return None
    written = _EXTENSION.sub("", unicodedata.normalize("NFKC", phone).strip())
    digits = re.sub(r"\D", "", written)
    if written.startswith("+86") or digits.startswith("0086"):
        digits = digits.removeprefix("00").removeprefix("86")
    digits = digits.lstrip("0")
    return digits[:40] if len(digits) >= 7 else None


def tax_key(tax_number: str | None) -> str | None:
    """A tax number without blanks, in capitals."""
    if not tax_number:
        return None
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", tax_number)).upper() or None
