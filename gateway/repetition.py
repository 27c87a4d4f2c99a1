"""How often something takes place, as people say it: of a rule that is written as RFC 5545 does."""

from __future__ import annotations

import re

from babel.dates import get_day_names
from babel.lists import format_list
from flask import Flask

from contracts.language import N_
from gateway import languages
from gateway.languages import gettext as _
from gateway.languages import ngettext

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = re.compile(r"([+-]?\d)?([A-Z]{2})")


def said(rule: str) -> str:
    """FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;COUNT=5 is: every 2 weeks, on Monday and Thursday, 5 times."""
    parts = dict(part.split("=", 1) for part in rule.split(";") if "=" in part)
    found = [_every(parts.get("FREQ", ""), int(parts.get("INTERVAL", "1")))]
    if days := DAY.findall(parts.get("BYDAY", "")):
        found.append(
            _(
                "on %(days)s",
                days=format_list([_day(nth, name) for nth, name in days], locale=languages.locale()),
            )
        )
    if "COUNT" in parts:
        found.append(ngettext("%(num)s time in all", "%(num)s times in all", int(parts["COUNT"])))
    if until := parts.get("UNTIL"):
        found.append(_("until %(day)s", day=languages.day(f"{until[:4]}-{until[4:6]}-{until[6:8]}")))
    if not {"COUNT", "UNTIL"} & parts.keys():
        found.append(_("until somebody ends it"))
    return " · ".join(found)


def _every(frequency: str, interval: int) -> str:
    one = {
        "DAILY": _("every day"),
        "WEEKLY": _("every week"),
        "MONTHLY": _("every month"),
        "YEARLY": _("every year"),
    }
    many = {
        "DAILY": N_("every %(num)s days"), "WEEKLY": N_("every %(num)s weeks"), "MONTHLY": N_("every %(num)s months"),
        "YEARLY": N_("every %(num)s years"),
    }  # fmt: skip
    return one.get(frequency, frequency) if interval == 1 else _(many.get(frequency, frequency), num=interval)


def _day(nth: str, name: str) -> str:
    day = get_day_names("wide", locale=languages.locale())[WEEKDAYS.index(name)]
    which = {
        "1": _("the first %(day)s", day=day), "2": _("the second %(day)s", day=day), "3": _("the third %(day)s", day=day),
        "4": _("the fourth %(day)s", day=day), "-1": _("the last %(day)s", day=day),
    }  # fmt: skip
    return which.get(nth.lstrip("+"), day)


def install(app: Flask) -> None:
    """For every template."""
    app.jinja_env.filters["repetition"] = said
