"""Kinds of notice, delays between attempts, the words of a letter: plain rules of being told."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from string import Template
from urllib.parse import urlsplit

DELAYS = (10, 30, 60, 120, 300, 600, 1800, 3600)
"""Seconds to wait after the first, second … attempt that found the mail server unable; the last one repeats."""
LONGEST_DELAY = timedelta(seconds=DELAYS[-1])

GIVE_UP = timedelta(days=3)
"""A letter that nobody took by then is given up: it would tell old news."""

STUCK = timedelta(hours=1)
"""Whoever runs the system hears of letters that wait longer than this."""

SENDER_GONE = timedelta(minutes=2)
"""Whoever has a webhook's delivery in hand for longer than this has ended: another sends it, once more if need be."""

LONGEST_SUBJECT = 300


@dataclass(frozen=True)
class Told:
    """How a kind of notice is told unless the person prefers otherwise, and what its words may mention."""

    way: str
    values: tuple[str, ...]


TROUBLE = ("part", "what", "count", "minutes", "error")

KINDS: dict[str, Told] = {
    "instalment_comes_due": Told("bell", ("contract_number", "customer", "amount", "due_on")),
    "instalment_fell_due": Told("email", ("contract_number", "customer", "amount", "due_on")),
    "quote_submitted": Told("email", ("number", "name", "customer", "amount", "by")),
    "quote_approved": Told("email", ("number", "name", "customer", "amount", "by", "note")),
    "quote_rejected": Told("email", ("number", "name", "customer", "amount", "by", "note")),
    "contract_comes_to_end": Told("email", ("number", "name", "customer", "ends_on")),
    "contract_submitted": Told("email", ("number", "name", "customer", "amount", "by")),
    "contract_approved": Told("email", ("number", "name", "customer", "amount", "by")),
    "contract_rejected": Told("email", ("number", "name", "customer", "amount", "by", "note")),
    "contract_signed": Told("email", ("number", "name", "customer", "amount", "signed_on", "by")),
    "execution_changed": Told("email", ("number", "name", "customer", "by")),
    "ticket_opened": Told("bell", ("number", "subject", "customer", "by")),
    "ticket_assigned": Told("email", ("number", "subject", "customer", "due_at", "by")),
    "activity_planned": Told("email", ("subject", "with", "starts_at", "by")),
    "activity_comes_up": Told("email", ("subject", "with", "starts_at", "wishes")),
    "birthday_comes_up": Told("email", ("name", "customer", "on", "wishes")),
    "activity_commented": Told("email", ("subject", "text", "by")),
    "record_commented": Told("email", ("name", "text", "by")),
    "mentioned": Told("email", ("name", "text", "by")),
    "customers_without_plan": Told("bell", ("count", "days", "names")),
    "leads_without_plan": Told("bell", ("count", "days", "names")),
    "contact_due": Told("bell", ("count", "days", "names")),
    "ladder_reported": Told(
        "email",
        ("until", "target", "potential", "prospect", "closed", "loyal", "up", "down", "went_up", "went_down"),
    ),
    "customers_stalled": Told("bell", ("count", "names")),
    "next_steps_due": Told("bell", ("count", "names")),
    "web_form_filled_in": Told("email", ("name", "contact", "need", "form")),
    "web_form_suspect": Told("bell", ("name", "contact", "need", "form")),
    "customer_handed_over": Told("email", ("number", "name", "note", "beyond_limit", "by")),
    "lead_assigned": Told("email", ("number", "name", "note", "beyond_limit", "by")),
    "wish_changed": Told("bell", ("customer", "text", "by")),
    "went_to_pool": Told("bell", ("number", "name", "days")),
    "deal_handover_opened": Told("email", ("number", "contract_number", "customer", "seller")),
    "deal_handover_accepted": Told("bell", ("number", "contract_number", "customer", "by")),
    "export_ready": Told("bell", ("name", "count")),
    "export_failed": Told("bell", ("name", "count")),
    "mail_stuck": Told("bell", ("count", "oldest", "error")),
    "mail_failed": Told("bell", ("address", "error")),
    "event_parked": Told("email", TROUBLE),
    "events_late": Told("email", TROUBLE),
    "job_failed": Told("email", TROUBLE),
    "part_silent": Told("email", TROUBLE),
    "webhook_failed": Told("email", ("name", "event", "error")),
}


def next_attempt(attempts: int, at: datetime) -> datetime:
    """When to try again after so many attempts."""
    return at + timedelta(seconds=DELAYS[min(max(attempts, 1), len(DELAYS)) - 1])


def is_given_up(written_at: datetime, at: datetime) -> bool:
    """Whether it has been tried for long enough."""
    return at - written_at > GIVE_UP


def unknown_words(text: str, kind: str) -> set[str]:
    """What a template mentions that this kind of notice cannot tell; also `$` signs that mean nothing."""
    template = Template(text)
    unknown = set(template.get_identifiers()) - set(KINDS[kind].values)
    return unknown if template.is_valid() else unknown | {"$"}


def filled(text: str, values: dict[str, str]) -> str:
    """A template with its values; one that is missing reads as nothing."""
    return Template(text).safe_substitute(dict.fromkeys(Template(text).get_identifiers(), "") | values)


def one_line(text: str) -> str:
    """A subject: no line breaks, not endless."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"


def is_callable(url: str) -> bool:
    """Whether another program can listen there: http or https, a host, and no password that everybody would see."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and "@" not in parts.netloc
            and parts.port != 0
        )
    except ValueError:
        return False


def is_within_reach(addresses: Iterable[str], *, own_machine: bool) -> bool:
    """Whether all of a host's addresses may be told something: never the link's own, this machine only when it is allowed.

    A company's own network is allowed: that is where its other programs run.
    """
    found = [ipaddress.ip_address(address.partition("%")[0]) for address in addresses]
    found = [getattr(one, "ipv4_mapped", None) or one for one in found]
    return bool(found) and not any(
        one.is_link_local or one.is_multicast or one.is_unspecified or (one.is_loopback and not own_machine)
        for one in found
    )
