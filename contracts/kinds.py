"""How a value that a person, a file or a program wrote becomes a value we keep; one function per kind of field.

Each function takes any input (typed text, a spreadsheet's number, JSON) and returns the clean value, or raises
PydanticCustomError whose type is one of `contracts.errors.FIELD_PATTERNS`. An empty text is None.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from email_validator import EmailNotValidError, validate_email
from pydantic_core import PydanticCustomError

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
TIME = re.compile(DAY.pattern + r"[ T]\s*(\d{1,2})[:时](\d{2})分?(?::(\d{2}))?")
PHONE = re.compile(r"(?=.*[0-9])\+?[0-9(][0-9 ()\-./#*]{1,30}(?:(?:ext|x|转)\.? ?\d{1,6})?", re.IGNORECASE)
EMAIL = re.compile(
    r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@(?=[^@]{4,190}$)"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+(?:com|cn|net|org)",
    re.ASCII,
)
"""Addresses as nearly all are. The full grammar takes a hundred times as long, which an import feels."""
URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
BARE_URL = re.compile(r"(?:[\w-]+\.)+[^\W\d_]{2,20}(?::\d{1,5})?(?:[/?#][^\s<>\"']*)?", re.IGNORECASE)
YES = frozenset({"yes", "true", "1", "y", "on", "是", "对", "√"})
LARGEST = 2**63 - 1
"""No whole number of ours is larger, and one of thousands of digits cannot even be written down."""
NO = frozenset({"no", "false", "0", "n", "off", "否", "不", "×"})


def problem(code: str, **params: Any) -> PydanticCustomError:
    """An input problem with a code that the gateway can say in the reader's language."""
    return PydanticCustomError(code, "{code}", {"code": code, **{k: str(v)[:80] for k, v in params.items()}})  # type: ignore[arg-type]


def text(value: Any) -> str | None:
    """Composed Unicode without control characters or outer blanks; whole numbers from spreadsheets lose their «.0»."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool | dict | list | tuple | set):
        raise problem("not_a_text")
    value = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n")
    if CONTROL.search(value):
        raise problem("not_a_text")
    return value.strip() or None


def kept(value: Any) -> Any:
    """As it is, where it can be kept: no database has room for a NUL in a text, nor for a number beyond the largest."""
    if isinstance(value, str) and "\x00" in value:
        raise problem("not_a_text")
    if isinstance(value, int) and abs(value) > LARGEST:
        raise problem("too_large", max=LARGEST)
    return value


def number(value: Any) -> Decimal | None:
    """An exact decimal from «１２３», «1,234.50», 12 or 12.5; NaN, infinity and exponents are refused."""
    if value is None or isinstance(value, bool):
        if value is None:
            return None
        raise problem("not_a_number", value=value)
    if isinstance(value, Decimal | int):
        found = Decimal(value)
    else:
        written = unicodedata.normalize(
            "NFKC", repr(value) if isinstance(value, float) else str(value)
        ).strip()
        written = written.removeprefix("¥").removesuffix("元").strip()
        if not written:
            return None
        if not (PLAIN.fullmatch(written) or GROUPED.fullmatch(written)):
            raise problem("not_a_number", value=value)
        try:
            found = Decimal(written.replace(",", ""))
        except InvalidOperation:
            raise problem("not_a_number", value=value) from None
    if not found.is_finite():
        raise problem("not_a_number", value=value)
    return found


def whole_number(value: Any) -> int | None:
    """A number without decimals."""
    found = number(value)
    if found is None:
        return None
    if abs(found) > LARGEST:
        raise problem("too_large", max=LARGEST)
    if found != found.to_integral_value():
        raise problem("too_many_decimals", max=0)
    return int(found)


def amount(value: Any) -> Decimal | None:
    """Money to the cent: more than two decimals are refused, not rounded away."""
    found = number(value)
    if found is None:
        return None
    if abs(found) > Decimal("9999999999999999"):
        raise problem("too_large", max="9999999999999999")
    cents = found.quantize(Decimal("0.01"))
    if cents != found:
        raise problem("too_many_decimals", max=2)
    return cents


def day(value: Any) -> date | None:
    """A calendar day from 2026-02-03, 2026/2/3, 2026.2.3, 2026年2月3日 or a spreadsheet's date."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    written = unicodedata.normalize("NFKC", str(value)).strip()
    if not written:
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d[T ]00:00(:00)?(\.0+)?Z?", written):
        written = written[:10]
    match = DAY.fullmatch(written)
    try:
        return date(*(int(part) for part in match.groups())) if match else date.fromisoformat(written)
    except ValueError:
        raise problem("not_a_date", value=value) from None


def moment(value: Any) -> datetime | None:
    """A point in time, kept in UTC; without a zone it is taken as UTC (the gateway adds the person's zone before).

    In the first year of the calendar and its last there is none: on some clocks it would lie outside.
    """
    found = moment_as_written(value)
    try:
        found = found and (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (OverflowError, ValueError):
        raise problem("not_a_time", value=value) from None
    if found and found.year in (MINYEAR, MAXYEAR):
        raise problem("not_a_time", value=value)
    return found


def moment_as_written(value: Any) -> datetime | None:
    """A point in time as somebody wrote it, 2026-02-03T10:00 or 2026/2/3 9:05, with a zone only if she wrote one."""
    if value is None or value == "" or isinstance(value, datetime):
        return value or None
    written = unicodedata.normalize("NFKC", str(value)).strip()
    match = TIME.fullmatch(written)
    try:
        if match:
            return datetime(*(int(part) for part in match.groups(default="0")))  # type: ignore[misc, arg-type]  # noqa: DTZ001
        return datetime.fromisoformat(written)
    except ValueError:
        raise problem("not_a_time", value=value) from None


def flag(value: Any) -> bool | None:
    """Yes or no, in the words of a form, a file or JSON."""
    if value is None or isinstance(value, bool):
        return value
    word = unicodedata.normalize("NFKC", str(value)).strip().casefold()
    if not word:
        return None
    if word in YES:
        return True
    if word in NO:
        return False
    raise problem("not_a_flag", value=value)


def email(value: Any) -> str | None:
    """An address of mail, syntax only (no look-up on the network)."""
    found = text(value)
    if found is None:
        return None
    local, _, domain = found.partition("@")
    if len(local) <= 64 and "--" not in domain and EMAIL.fullmatch(found):
        return f"{local}@{domain.lower()}"
    try:
        return validate_email(found, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError:
        raise problem("not_an_email", value=found) from None


def phone(value: Any) -> str | None:
    """A phone number as written, full-width folded; only its look is checked: extensions and short numbers are real."""
    found = text(value)
    if found is None:
        return None
    found = unicodedata.normalize("NFKC", found).replace("—", "-").strip()
    if not PHONE.fullmatch(found):
        raise problem("not_a_phone", value=found)
    return found


def url(value: Any) -> str | None:
    """A web address; a bare «www.…» or «example.com/…» gets https."""
    found = text(value)
    if found is None:
        return None
    if BARE_URL.fullmatch(found):
        found = "https://" + found
    if not URL.fullmatch(found):
        raise problem("not_a_url", value=found)
    return found


def identity(value: Any) -> Any:
    """An id or nothing; pydantic checks the rest."""
    return None if value == "" else value


def file(value: Any) -> Any:
    """A file of the record by its id alone, or described; pydantic checks the rest."""
    return None if value in ("", None, {}) else {"id": value} if isinstance(value, str) else value


CLEAN: dict[str, Callable[[Any], Any]] = {
    "text": text,
    "long_text": text,
    "integer": whole_number,
    "number": number,
    "percent": number,
    "amount": amount,
    "date": day,
    "datetime": moment,
    "flag": flag,
    "email": email,
    "phone": phone,
    "url": url,
    "choice": text,
    "entity": text,
    "referable": text,
    "icon": text,
    "question": text,
    "permission": text,
    "ref": identity,
    "file": file,
}
"""Kind of field → the function that cleans its value."""
