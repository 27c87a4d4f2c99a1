"""Which language, zone and number format a reader gets, and the filters that write values for her."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel
from markupsafe import Markup

LANGUAGES = {"zh_CN": "中文", "en": "English"}
DEFAULT = "zh_CN"
COOKIE = "guanxi_language"
LOCALE = Path(__file__).parent / "locale"
CURRENCY_SIGNS = {"CNY": "¥", "USD": "US$", "EUR": "€", "HKD": "HK$", "JPY": "JP¥", "GBP": "£"}


def language() -> str:
    """The person's own choice; before she is known, the cookie, then the browser's wish, then Chinese."""
    settled = _settled.get()
    if settled is not None:
        return settled
    if not has_request_context():
        return DEFAULT
    chosen: str = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    actor = g.get("actor")
    if actor is not None and actor.kind == "staff":
        return actor.language if actor.language in LANGUAGES else DEFAULT
    wished = request.accept_languages.best_match(["zh-CN", "zh", "en", "en-US", "en-GB"], default="zh")
    return "en" if wished.startswith("en") else DEFAULT


def settle() -> None:
    """Who asks is known: her language is settled for the rest of the request."""
    _settled.set(None)
    _settled.set(language())


def _forget(_error: BaseException | None) -> None:
    _settled.set(None)


_settled: ContextVar[str | None] = ContextVar("language", default=None)
"""A page asks a few hundred times; the request's own memory would be a fifth of the page."""


@cache
def translations(name: str) -> NullTranslations:
    """The texts of a language; read once in a process."""
    return Translations.load(LOCALE, [str(Locale.parse(name))])


@lru_cache(maxsize=10_000)
def _translated(tongue: str, source: str) -> str:
    found: str = translations(tongue).gettext(source)
    return found


def gettext(source: str, **gaps: Any) -> str:
    """A text in the reader's language. As Flask-Babel's, which looks everything up anew for each text."""
    said = _translated(language(), source)
    return said % gaps if gaps else said


@lru_cache(maxsize=10_000)
def _written(tongue: str, source: str) -> Markup:
    return Markup(_translated(tongue, source)) % {}


def said(source: str, **gaps: Any) -> Markup:
    """A text of a template; what is put into its gaps is escaped."""
    return Markup(gettext(source)) % gaps if gaps else _written(language(), source)


def ngettext(one: str, many: str, num: int, **gaps: Any) -> str:
    """The same for texts with a number."""
    said: str = translations(language()).ngettext(one, many, num)
    return said % {"num": num, **gaps}


def zone_name() -> str:
    """The person's time zone."""
    actor = g.get("actor") if has_request_context() else None
    return actor.timezone if actor is not None else "Asia/Shanghai"


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError):
        return ZoneInfo("Asia/Shanghai")


def zone() -> ZoneInfo:
    """The person's time zone, as a zone."""
    return _zone(zone_name())


def today() -> date:
    """The day it is where the person is."""
    return datetime.now(zone()).date()


def locale() -> Locale:
    """The reader's Babel locale."""
    return _locale(language())


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name)


def html_language() -> str:
    """As the `lang` attribute wants it."""
    return language().replace("_", "-")


@cache
def _pattern(of: Locale, written: str) -> numbers.NumberPattern:
    return numbers.parse_pattern(written)


@cache
def _marks(of: Locale) -> tuple[str, str]:
    """What stands between thousands and before decimals."""
    return numbers.get_group_symbol(of), numbers.get_decimal_symbol(of)


@lru_cache(maxsize=10_000)
def _number(of: Locale, value: str, written: str) -> str:
    try:
        return _pattern(of, written).apply(Decimal(value), of)
    except ArithmeticError:
        return value


def number(value: Any) -> str:
    """1234.5 → 1,234.5"""
    return "" if value in (None, "") else _number(locale(), str(value), "#,##0.######")


def money(value: Any, currency: str | None = "CNY") -> str:
    """1234.5 → ¥1,234.50; a currency we have no sign for is named by its code."""
    if value in (None, ""):
        return ""
    sign = CURRENCY_SIGNS.get(currency or "CNY", f"{currency} ")
    try:
        written = f"{Decimal(str(value)):,.2f}"
    except ArithmeticError:
        return str(value)
    if (marks := _marks(locale())) != (",", "."):
        written = written.translate(str.maketrans(",.", "".join(marks)))
    return f"-{sign}{written[1:]}" if written.startswith("-") else f"{sign}{written}"


def whole_money(value: Any, currency: str | None = "CNY") -> str:
    """1234.50 → ¥1,235, where cents would only be noise."""
    return (
        money(value, currency)
        if value in (None, "")
        else money(Decimal(str(value)).quantize(Decimal(1)), currency)[:-3]
    )


def percent(value: Any) -> str:
    """12.5 → 12.5%; we keep percentages as people say them."""
    return "" if value in (None, "") else f"{number(value)}%"


def _moment(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(zone())


def _day_of(value: Any) -> date:
    """The calendar day of a day or, in the reader's zone, of a moment."""
    if isinstance(value, datetime) or "T" in str(value):
        return _moment(value).date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


@lru_cache(maxsize=10_000)  # a list writes the same few days again and again
def _dated(tongue: str, day: date, written: str) -> str:
    return dates.format_date(day, written, locale=_locale(tongue))


def day(value: Any) -> str:
    """A calendar day: 2026-02-03 in Chinese, 3 Feb 2026 in English. Nobody mistakes the month for the day."""
    if not value:
        return ""
    try:
        found = _day_of(value)
    except ValueError:
        return str(value)
    return _dated(language(), found, "d MMM y") if language() == "en" else found.isoformat()


def moment(value: Any) -> str:
    """A point in time in the reader's zone, to the minute."""
    if not value:
        return ""
    at = _moment(value)
    return f"{day(at.date())} {at:%H:%M}"


def day_of_year(value: Any) -> str:
    """The day on which something returns every year: 3月5日, 5 March."""
    return dates.format_skeleton("MMMMd", _day_of(value), locale=locale()) if value else ""


def month(number: int) -> str:
    """五月, May"""
    return str(dates.get_month_names(context="stand-alone", locale=locale())[number])


def near(value: Any) -> str:
    """A day or a moment as people speak of those around today: tomorrow 10:00; others as they are written."""
    if not value:
        return ""
    names = {-1: gettext("yesterday"), 0: gettext("today"), 1: gettext("tomorrow")}
    try:
        found = _day_of(value)
    except ValueError:
        return str(value)
    away = (found - today()).days
    if "T" not in str(value) and not isinstance(value, datetime):
        return names.get(away) or day(found)
    if away not in names and abs(away) < 180:
        written = _dated(language(), found, "d MMM" if language() == "en" else "MM-dd")
        return f"{written} {clock(value)}"
    return f"{names.get(away) or day(found)} {clock(value)}"


def local_input(value: Any) -> str:
    """A point in time as `<input type=datetime-local>` wants it."""
    return _moment(value).strftime("%Y-%m-%dT%H:%M") if value else ""


THRESHOLD = 1.2
"""So many of a unit before it is counted in: 28 hours, then one day."""
NOW = timedelta(minutes=THRESHOLD)
"""Nobody counts seconds."""


def relative(value: Any) -> str:
    """How long ago, or how soon; the exact moment belongs in the title."""
    if not value:
        return ""
    gap = _moment(value) - datetime.now(UTC)
    if abs(gap) < NOW:
        return gettext("just now")
    return dates.format_timedelta(gap, locale=locale(), add_direction=True, threshold=THRESHOLD)


def seconds(value: Any) -> str:
    """90 → 2 minutes"""
    return dates.format_timedelta(timedelta(seconds=float(value)), locale=locale(), threshold=1.2)


def capped(count: int, is_capped: bool) -> str:
    """10000 capped → 10,000+"""
    return f"{number(count)}+" if is_capped else number(count)


def clock(value: Any) -> str:
    """The time of day, in the reader's zone."""
    return f"{_moment(value):%H:%M}"


def is_today(value: Any) -> bool:
    """Whether a moment is on the reader's day."""
    return _moment(value).date() == today()


def is_past(value: Any) -> bool:
    """Whether a moment has passed."""
    return _moment(value) < datetime.now(UTC)


def seconds_ago(value: Any) -> float:
    """How long since a moment."""
    return (datetime.now(UTC) - _moment(value)).total_seconds()


def days_ago(value: Any) -> int:
    """Whole days since a moment."""
    return (datetime.now(UTC) - _moment(value)).days


def weekday(value: Any) -> str:
    """Monday, in the reader's language."""
    return dates.format_date(date.fromisoformat(str(value)[:10]), "EEE", locale=locale())


def install(app: Flask) -> None:
    """Translate, and offer the filters to templates."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_translation_directories="locale",
        locale_selector=language,
        timezone_selector=zone_name,
    )
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.teardown_request(_forget)
    for name in (
        number,
        money,
        whole_money,
        percent,
        day,
        day_of_year,
        near,
        moment,
        local_input,
        relative,
        weekday,
        clock,
        is_today,
        seconds,
        is_past,
        days_ago,
    ):
        app.jinja_env.filters[name.__name__] = name
    app.jinja_env.filters["date"] = day
    app.jinja_env.globals.update(
        _=said,
        capped=capped,
        html_language=html_language,
        today=today,
        ngettext=ngettext,
        languages=LANGUAGES,
    )
