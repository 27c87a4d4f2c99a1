"""When two companies are the same one, who may pick from the pool, a customer's figures and lifecycle."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

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


def dialled(phone: str | None) -> str | None:
    """A number with its extension: who shares a switchboard is not the same."""
    key = phone_key(phone)
    inner = _EXTENSION.search(unicodedata.normalize("NFKC", phone or "").strip()) if key else None
    return f"{key} {_NOT_A_DIGIT.sub('', inner[0])}" if inner else key


def is_cell(key: str) -> bool:
    """Whether a number, as `phone_key` reads it, is carried by one person: of those in China it shows."""
    return len(key) == 11 and key[0] == "1"


def mail_key(email: str | None) -> str | None:
    """An address without case."""
    return (email or "").strip().casefold() or None


FREE_MAIL = frozenset(
    {
        "qq.com", "vip.qq.com", "foxmail.com", "163.com", "vip.163.com", "126.com", "vip.126.com", "yeah.net", "188.com",
        "139.com", "189.cn", "wo.cn", "sina.com", "sina.cn", "vip.sina.com", "sohu.com", "tom.com", "21cn.com", "aliyun.com",
        "263.net", "gmail.com", "googlemail.com", "outlook.com", "outlook.cn", "hotmail.com", "live.com", "live.cn", "msn.com",
        "yahoo.com", "yahoo.com.cn", "yahoo.cn", "ymail.com", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.com",
        "gmx.de", "web.de", "proton.me", "protonmail.com", "zoho.com", "mail.ru", "yandex.com", "yandex.ru",
    }
)  # fmt: skip
"""Where everybody has a mailbox: that two have one there says nothing."""
SHARED_SITES = frozenset(
    {
        "1688.com", "taobao.com", "tmall.com", "jd.com", "weibo.com", "zhihu.com", "mp.weixin.qq.com", "baike.baidu.com",
        "alibaba.com", "linkedin.com", "facebook.com", "sites.google.com",
    }
)  # fmt: skip
"""Where many companies have their page below one host."""
MOST_OF_A_KEY = 250


def mail_domain(email: str | None) -> str | None:
    """The company's part of an address; None where everybody has a mailbox."""
    domain = (email or "").rpartition("@")[2].strip().casefold()
    return domain if "." in domain and domain not in FREE_MAIL else None


def site_host(website: str | None) -> str | None:
    """The host of a web address without «www.»; None where many companies share it."""
    written = (website or "").strip().casefold()
    host = (urlsplit(written if "://" in written else f"//{written}").hostname or "").removeprefix("www.")
    return host if "." in host and host not in SHARED_SITES else None


def reach_keys(
    *,
    phones: Iterable[str | None] = (),
    email: str | None = None,
    domain: str | None = None,
    website: str | None = None,
) -> list[str]:
    """By what somebody is reached, written so that the same reads the same: «phone 13800138000», «email a@b.cn»."""
    found = [("phone", phone_key(phone)) for phone in phones]
    found += [("email", mail_key(email)), ("mail_domain", mail_domain(domain))]
    found.append(("website", _host_of(website)))
    return list(dict.fromkeys(f"{kind} {key}"[:MOST_OF_A_KEY] for kind, key in found if key))


def _host_of(website: str | None) -> str | None:
    try:
        return site_host(website)
    except ValueError:  # what a person may type, but no address has
        return None


def tax_key(tax_number: str | None) -> str | None:
    """A tax number without blanks, in capitals."""
    if not tax_number:
        return None
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", tax_number)).upper() or None


@dataclass(frozen=True)
class Pool:
    """What holds for one person; None is without limit."""

    idle_days: int | None = None
    remind_days: int | None = None
    spans: str | None = None
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


def is_site(text: str) -> bool:
    """Scheme, host and perhaps a port: where a page comes from, as browsers tell it."""
    return re.fullmatch(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?", text) is not None


NOTHING = Decimal("0.00")


@dataclass
class Figures:
    """What the other services know of a customer, in numbers; fields are named as on the customer."""

    contracts_count: int = 0
    contracts_amount: Decimal = NOTHING
    last_contract_on: date | None = None
    lifetime_value: Decimal = NOTHING
    paid_amount: Decimal = NOTHING
    overdue_amount: Decimal = NOTHING
    owed_amount: Decimal = NOTHING
    open_opportunities: int = 0
    open_amount: Decimal = NOTHING
    won_opportunities: int = 0
    lost_opportunities: int = 0
    open_tickets: int = 0
    average_rating: Decimal | None = None


def figures(dealings: Iterable[Any]) -> Figures:
    """From everything that was told of a customer, in any order: rows as of the table `dealing`, each once."""
    things: dict[Any, list[Any]] = defaultdict(list)
    for row in in_order(dealings):
        things[row.thing_id].append(row)
    found, ratings = Figures(), []
    for told in things.values():
        _count_contract(found, told)
        _count_opportunity(found, told)
        if _last(told, "ticket_opened", "ticket_reopened", "ticket_closed") not in (None, "ticket_closed"):
            found.open_tickets += 1
        ratings += [row.value for row in told if row.what == "customer_rated"][-1:]
    found.lifetime_value = found.contracts_amount + found.open_amount
    if ratings:
        found.average_rating = (Decimal(sum(ratings)) / len(ratings)).quantize(NOTHING, ROUND_HALF_UP)
    return found


def in_order(dealings: Iterable[Any]) -> list[Any]:
    """As it was told."""
    return sorted(dealings, key=lambda row: (row.told_at, row.sequence, row.id))


def _last(told: list[Any], *kinds: str) -> str | None:
    return next((str(row.what) for row in reversed(told) if row.what in kinds), None)


def _count_contract(found: Figures, told: list[Any]) -> None:
    """A contract counts from its signature until it is given up; money that came in is money that came in."""
    payments = [row for row in told if row.what == "payment_recorded"]
    found.paid_amount += sum((row.amount for row in payments), NOTHING)
    signed = next((row for row in told if row.what in ("contract_signed", "former_contract_booked")), None)
    if any(row.what == "contract_cancelled" for row in told):
        return
    if signed is not None:
        found.contracts_count += 1
        found.contracts_amount += signed.amount
        found.owed_amount += signed.amount - sum((row.amount for row in payments), NOTHING)
        found.last_contract_on = max(found.last_contract_on or signed.happened_on, signed.happened_on)
    found.overdue_amount += _overdue(told)


def _overdue(told: list[Any]) -> Decimal:
    """Of instalments that fell due, what later payments have not covered: the oldest due is paid first.

    Below zero is money for instalments to come; when the next one falls due, what it is open by knows that already.
    """
    overdue, remaining = NOTHING, None
    for row in told:
        if row.what == "instalment_fell_due":
            overdue = max(overdue, NOTHING) + row.amount
        elif row.what == "payment_recorded":
            overdue, remaining = overdue - row.amount, row.remaining
    overdue = max(overdue, NOTHING)
    return overdue if remaining is None else min(overdue, remaining)


def _count_opportunity(found: Figures, told: list[Any]) -> None:
    went = ("opportunity_opened", "opportunity_moved", "opportunity_reopened")
    last = _last(told, *went, "opportunity_won", "opportunity_lost")
    if last == "opportunity_won":
        found.won_opportunities += 1
    elif last == "opportunity_lost":
        found.lost_opportunities += 1
    elif last is not None:
        amounts = [row.amount for row in told if row.what in went and row.amount is not None]
        found.open_opportunities += 1
        found.open_amount += amounts[-1] if amounts else NOTHING


@dataclass(frozen=True)
class Turn:
    """Something that tells where a customer stands: a fact (then `mark` is None), or what a person said."""

    on: date
    fact: str | None = None
    mark: str | None = None
    stage_id: Any = None
    id: Any = None
    note: str | None = None
    told_by: str | None = None


@dataclass
class Way:
    """The way of a customer through its lifecycle so far."""

    stage: Any = None
    since: date | None = None
    moved_on: date | None = None
    is_lost: bool = False
    entered: dict[Any, Turn] = field(default_factory=dict)
    """Stage → by what it was entered last."""
    planned: dict[Any, Turn] = field(default_factory=dict)
    told: list[Turn] = field(default_factory=list)
    """Losses and returns, oldest first."""

    @property
    def stalls_on(self) -> date | None:
        """The day on which it will have stood still for too long; None: never, or it is lost."""
        days = self.stage.stalls_after_days if self.stage is not None and not self.is_lost else None
        return self.moved_on + timedelta(days=days) if days and self.moved_on else None


def steps_taken(steps: Iterable[Any]) -> dict[str, str]:
    """How far the execution of a contract is: each kind of step begun, on the first day of any, and done, on the last day of all."""
    kinds: dict[str, list[Any]] = defaultdict(list)
    for step in steps:
        kinds[step.kind].append(step)
    found = {}
    for kind, several in kinds.items():
        begun = [day for step in several if (day := step.begun_on or step.done_on) is not None]
        if begun:
            found[f"{kind}_begun"] = min(begun).isoformat()
        done = [step.done_on for step in several]
        if None not in done:
            found[f"{kind}_done"] = max(done).isoformat()
    return found


def turns(born_on: date, first_contact_on: date | None, dealings: Iterable[Any]) -> list[Turn]:
    """What the dealings say about a customer's lifecycle. A contract that was given up says nothing."""
    rows = in_order(dealings)
    given_up = {row.thing_id for row in rows if row.what == "contract_cancelled"}
    found = [Turn(born_on, "customer_created")]
    if first_contact_on is not None:
        found.append(Turn(first_contact_on, "in_contact"))
    signed: list[Turn] = []
    last_on_steps = {row.thing_id: row.id for row in rows if row.what == "execution_changed"}
    for row in rows:
        if row.thing_id in given_up:
            continue
        if row.what in ("contract_signed", "former_contract_booked"):
            signed.append(Turn(row.happened_on, "contract_signed"))
        elif row.what == "deal_handover_accepted":
            found.append(Turn(row.happened_on, "service_taken_over"))
        else:
            found.append(Turn(row.happened_on, row.what))
        if row.id == last_on_steps.get(row.thing_id):  # what was taken back is not said any more
            found += [Turn(date.fromisoformat(day), fact) for fact, day in row.taken.items()]
    signed.sort(key=lambda turn: turn.on)
    return found + signed[:1] + [Turn(turn.on, "second_contract") for turn in signed[1:]]


def way(stages: Iterable[Any], told: Iterable[Turn]) -> Way:
    """Where all this leads: facts only lead on, a person may say anything; the same in any order it was heard.

    Without stages of their own, facts still show that something moves. A new chance or contract brings a lost one back.
    """
    by_id = {stage.id: stage for stage in stages}
    by_fact = {stage.entered_by: stage for stage in by_id.values() if stage.entered_by}
    order = {id: stage.position for id, stage in by_id.items()}

    def place(turn: Turn) -> tuple[Any, ...]:
        stage = by_fact.get(turn.fact) if turn.fact else by_id.get(turn.stage_id)
        return (turn.on, turn.mark is not None, order[stage.id] if stage else 0, str(turn.id))

    found = Way()
    for turn in sorted(told, key=place):
        stage = by_fact.get(turn.fact) if turn.fact else by_id.get(turn.stage_id)
        if turn.mark == "planned":
            if stage is not None:
                found.planned[stage.id] = turn
            continue
        found.moved_on = max(found.moved_on or turn.on, turn.on)
        if turn.mark in ("lost", "returned"):
            found.is_lost = turn.mark == "lost"
            found.told.append(turn)
        elif found.is_lost and (
            turn.mark or turn.fact in ("opportunity_opened", "contract_signed", "second_contract")
        ):
            found.is_lost = False
            found.told.append(Turn(turn.on, turn.fact, "returned"))
        if stage is None or turn.mark in ("lost", "returned"):
            continue
        if turn.mark == "entered" or found.stage is None or stage.position > found.stage.position:
            found.stage, found.since = stage, turn.on
            found.entered[stage.id] = turn
    return found


@dataclass(frozen=True)
class Part:
    """What somebody does in a purchase: in one opportunity, or in every one."""

    contact_id: UUID
    role_id: UUID
    opportunity_id: UUID | None = None
    stance: str = "neutral"
    influence: int = 0
    unit: str | None = None
    id: UUID | None = None
    """Of what says so; None: the contact herself."""


STANCES = ("for_us", "neutral", "against_us")


def coverage(parts: Sequence[Part], roles: Iterable[UUID]) -> dict[UUID, int]:
    """Role → how many people are known in it."""
    return {role: len({part.contact_id for part in parts if part.role_id == role}) for role in roles}


def by_unit(parts: Iterable[Part]) -> dict[str, list[Part]]:
    """Unit of the client → the parts that count there (CON-05): those played for it, and those for all units."""
    parts = list(parts)
    units = sorted({part.unit for part in parts if part.unit})
    return {unit: [part for part in parts if part.unit in (None, unit)] for unit in units}


def without_repeats(parts: Iterable[Part]) -> list[Part]:
    """What a contact says of herself is left out where a part says it of her already."""
    parts = list(parts)
    said = {(part.contact_id, part.role_id) for part in parts if part.id is not None}
    return [part for part in parts if part.id is not None or (part.contact_id, part.role_id) not in said]


def stances(parts: Iterable[Part]) -> tuple[dict[str, int], dict[str, int]]:
    """People by stance, and the influence behind each. Somebody with several parts counts once: with what she says most
    outspokenly (against us before for us), and with the most influence she has."""
    by_person: dict[UUID, list[Part]] = defaultdict(list)
    for part in parts:
        by_person[part.contact_id].append(part)
    people, influence = dict.fromkeys(STANCES, 0), dict.fromkeys(STANCES, 0)
    for held in by_person.values():
        said = {part.stance for part in held}
        stance = next((one for one in ("against_us", "for_us") if one in said), "neutral")
        people[stance] += 1
        influence[stance] += max(part.influence for part in held)
    return people, influence
