"""The pool (公海): leads and customers that nobody works, to be picked by whoever has time, or given to her (LED-07, LED-08)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from contracts.customer import (
    KEPT_BACK,
    AssignLead,
    HandOverCustomer,
    LoadsOf,
    PickCustomer,
    PickLead,
    PoolOf,
)
from contracts.errors import Invalid, NotFound, Problem, Refused
from contracts.language import N_
from contracts.message import Act, Attr, Record
from contracts.own_fields import is_own
from gateway import api, auth, wording
from gateway import beside as hints
from gateway.addresses import asked
from gateway.entity_pages import chips, filters, lists
from gateway.entity_pages.subject import labels_for, title_of
from gateway.fields import read_values
from gateway.forms import build_form
from gateway.frame import Menu, registry
from gateway.languages import ngettext
from gateway.render import block, form_key, go, idempotency_key, is_fragment, json, page, wanted
from gateway.rpc import ask

blueprint = Blueprint("pool", __name__)
menu = Menu(N_("Pool"), "ripple", endpoint="pool.show", permission="customer.pool", place=37)
COLUMNS = {
    "lead": (
        "name", "expected_amount", "expected_on", "department_id", "need", "next_step_on", "industry_id", "region_id", "source_id",
        "branch_id",
    ),
    "customer": (
        "name", "open_amount", "value_class", "department_id", "kind", "industry_id", "region_id", "source_id", "branch_id",
    ),
}  # fmt: skip
"""What lies there, what it may bring and when, and whose it was (LED-07)."""
GIVES: dict[str, tuple[str, type[Act]]] = {
    "lead": ("assign_lead", AssignLead), "customer": ("hand_over_customer", HandOverCustomer)
}  # fmt: skip
"""What gives one of them to somebody."""
PICKS: dict[str, Any] = {"lead": PickLead, "customer": PickCustomer}
beside = hints.Beside("pool.loads", "customer.pool", tuple(f"customer.{door}" for door, _ in GIVES.values()))
NOUN = "<any(lead, customer):noun>"
MOST_AT_ONCE = 100


@blueprint.get("/pool")
@blueprint.get(f"/pool/{NOUN}")
@blueprint.get(f"/pool/{NOUN}.<any(json):suffix>")
@api.described(asks=(*api.WHICH_ROWS, *api.PAGED))
def show(noun: str = "lead", suffix: str = "") -> Response:
    """One kind of what lies in the pool; conditions, order and text as in any list's address."""
    auth.require("customer.pool")
    record, address = _record(noun), asked()
    query = address.query(totals=True)
    found = ask("customer", "pool", PoolOf(entity=record.entity(), query=query))  # type: ignore[arg-type]
    if wanted() == "json":
        return json(found)
    labels = found["labels"] | labels_for(chips.condition_ids(record, address, found["labels"]))
    values: dict[str, Any] = {
        "record": record, "noun": noun, "found": found, "address": address, "key": form_key(), "title_of": title_of,
        "columns": lists.columns(record, address, COLUMNS[noun], labels), "base": url_for("pool.show", noun=noun),
        "chips": chips.chips(record, address, labels),
        "may_pick": auth.actor().may(f"customer.pick_{noun}"), "may_give": _may_give(noun),
        "kinds": [(n, wording.entity_plural(registry().records[f"customer.{n}"])) for n in COLUMNS],
    }  # fmt: skip
    return page("page/pool.html", "pool", **values)


@blueprint.get(f"/pool/{NOUN}/filter")
@api.only_page("a form; conditions stand in the address of the pool")
def filter_form(noun: str) -> Response:
    """The small form behind «Filter»."""
    auth.require("customer.pool")
    record = _record(noun)
    base, action = url_for("pool.show", noun=noun), url_for("pool.apply_filter", noun=noun)
    return filters.condition_form(record, base, action, _filterable(record))


@blueprint.get(f"/pool/{NOUN}/apply-filter")
@api.only_page("leads from the form to the address of the pool")
def apply_filter(noun: str) -> Response:
    """From the filter form to the pool it means."""
    auth.require("customer.pool")
    return redirect(url_for("pool.show", noun=noun) + filters.narrowed(_record(noun)).written(), 303)


@blueprint.post(f"/pool/{NOUN}/pick")
@api.only_page("several at once; a program sends /customer/{noun}/{id}/pick for each")
def pick(noun: str) -> Response:
    """Several at once, one after the other, until the rules say that it is enough."""
    taken, said, key = 0, None, idempotency_key() or form_key()
    for id in _chosen(request.form.getlist("id")):
        try:
            message = PICKS[noun](id=id)
            ask("customer", f"pick_{noun}", message, key=f"{key}-{id}")
            taken += 1
        except (Invalid, NotFound, Refused) as problem:
            said = problem
    if taken:
        flash(ngettext("%(num)s is yours now.", "%(num)s are yours now.", taken), "success")
    if said is not None:
        flash(wording.sentence(said), "danger")
    return go(url_for("pool.show", noun=noun))


@blueprint.get("/pool/loads")
@api.described(asks=(api.text("customer.hand_over_customer", "With any value: of customers, not of leads."),))
def loads() -> Response:
    """Beside a form that gives somebody one more: who holds how many, and how many the rules let her hold (LED-08)."""
    auth.require("customer.pool")
    told = {command for command, _id in hints.told(request.args, beside.about)}
    noun = next((noun for noun, (door, _act) in GIVES.items() if f"customer.{door}" in told), "lead")
    found = _loads(noun)
    if wanted() == "json":
        return json(found)
    values = {"people": found["people"], "record": _record(noun)}
    return (
        block("page/loads.html", "content", **values) if is_fragment() else page("page/loads.html", **values)
    )


@blueprint.get(f"/pool/{NOUN}/give")
@api.only_page("the form")
def give_form(noun: str) -> Response:
    """Whom to give the chosen ones, with what everybody holds already."""
    auth.require(f"customer.{GIVES[noun][0]}")
    return _giving(noun, _chosen(request.args.getlist("id")), {})


@blueprint.post(f"/pool/{NOUN}/give")
@api.only_page(
    "several at once; a program sends /customer/lead/{id}/assign or /customer/customer/{id}/hand_over for each"
)
def give(noun: str) -> Response:
    """All of them to one person; those of which the rules say that it is too much are asked about once more."""
    door, act = GIVES[noun]
    values = read_values(_asked(act), request.form)
    ids, problem, given = _chosen(request.form.getlist("id")), None, 0
    left, key = [], idempotency_key() or form_key()
    for id in ids:
        try:
            ask("customer", door, act.read({**values, "id": id}), key=f"{key}-{id}")
            given += 1
        except (Invalid, NotFound, Refused) as refused:
            left.append(id)
            problem = problem or refused
    if problem is None or not left:
        flash(ngettext("%(num)s was given.", "%(num)s were given.", given), "success")
        return go(url_for("pool.show", noun=noun))
    return _giving(noun, tuple(left), values, problem, given)


def _giving(
    noun: str, ids: tuple[str, ...], values: dict[str, Any], problem: Problem | None = None, given: int = 0
) -> Response:
    form = build_form(f"customer.{GIVES[noun][0]}", _asked(GIVES[noun][1]), values, {}, problem)
    return page(
        "page/give.html", "dialog-body", status=problem.status if problem else 200, noun=noun, ids=ids, form=form, given=given,
        problem=problem, people=_loads(noun)["people"], record=_record(noun), key=form_key(),
        here=url_for("pool.show", noun=noun),
    )  # fmt: skip


def _asked(act: type[Act]) -> dict[str, Attr]:
    """The remark comes last."""
    return dict(sorted(act.attrs().items(), key=lambda pair: pair[0] == "note"))


def _loads(noun: str) -> dict[str, Any]:
    found: dict[str, Any] = ask("customer", "loads", LoadsOf(entity=_record(noun).entity()))  # type: ignore[arg-type]
    return found


def _may_give(noun: str) -> bool:
    """Of what nobody has, only whoever may give more than her own can give any."""
    return auth.actor().scope(f"customer.{GIVES[noun][0]}") not in (None, "own")


def _filterable(record: type[Record]) -> list[filters.Group]:
    """Fields that the pool tells."""
    told = [
        (title, [a for a in attrs if a.name not in (*KEPT_BACK, "owner_id", "state") and not is_own(a.name)])
        for title, attrs in filters.filterable(record)
    ]
    return [(title, attrs) for title, attrs in told if attrs]


def _chosen(ids: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))[:MOST_AT_ONCE]


def _record(noun: str) -> type[Record]:
    return registry().records[f"customer.{noun}"]
