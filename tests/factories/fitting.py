"""Where an entity has a rule of its own: values that must fit together, and how to come by what is not entered by hand.

An entity whose fields stand for themselves needs no line here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chassis.identity import new_id
from chassis.work import Work
from contracts.actor import Actor
from contracts.organization import BranchListed
from contracts.receivables import ContractSigned, InstalmentFellDue, PaymentRecorded
from contracts.shipped import shipped_id
from services.notification import model, rules
from services.notification.actions import letter as letters
from services.notification.channels import Taken

Made = Callable[[Any], Any]


def product(samples: Any) -> dict[str, Any]:
    """A code that continues its minor class."""
    return {"code": f"A01{samples.number() + 50}", "class_id": str(shipped_id("sales.product_class", "A01"))}


def contract(samples: Any) -> dict[str, Any]:
    """Instalments and lines that add up to the amount."""
    return {
        "amount": "1000.00",
        "starts_on": "2026-03-01",
        "ends_on": "2026-12-31",
        "instalments": [
            {"due_on": "2026-04-01", "amount": "600"},
            {"due_on": "2026-05-01", "amount": "400"},
        ],
        "lines": [{"description": "示波器", "quantity": "2", "unit_price": "500"}],
    }


def signed_contract(samples: Any) -> str:
    """A contract on its way to the first payment."""
    id = samples.row("receivables.contract")["id"]
    for verb in ("submit", "approve", "sign"):
        samples.desk.ask(samples.somebody, f"{verb}_contract", id=id, note="whatever the credit on the card")
    return str(id)


def owed(samples: Any, entity: str) -> str:
    """The receivable of a signed contract, or its first instalment."""
    where = {"contract_id": signed_contract(samples)}
    page = samples.desk.ask(samples.somebody, "list", entity=entity, query={"where": where})
    return str(page["rows"][0]["id"])


def payment(samples: Any) -> str:
    """Some money for it."""
    id = UUID(int=samples.number())
    samples.desk.ask(
        samples.somebody, "record_payment", payment_id=str(id), contract_id=signed_contract(samples), amount="5"
    )  # fmt: skip
    return str(id)


def comment(samples: Any, about: str) -> str:
    """A remark on such a record."""
    about = {"about": about, "record_id": samples.row(about)["id"]}
    id = UUID(int=samples.number())
    samples.desk.ask(samples.somebody, "add_comment", **about, id=str(id), text="问清楚决策人")
    return str(id)


def former_contract(samples: Any) -> str:
    """Told of by a file of existing customers."""
    told = {
        "name": f"老客户{samples.number()}", "contract_number": "OLD-1", "contract_name": "旧合同",
        "contract_amount": "1000", "contract_signed_on": "2020-05-01", "contract_paid": "600",
    }  # fmt: skip
    assert samples.bring("customer.customer", told)["made"] == 1
    return str(samples.desk.ask(samples.somebody, "list", entity="customer.former_contract")["rows"][0]["id"])


def site(samples: Any) -> str:
    """Born when a branch is heard of."""
    id = UUID(int=samples.number())
    samples.desk.hear(samples.card(BranchListed, id, {}))
    return str(id)


def deal_handover(samples: Any) -> str:
    """Born when a contract is signed."""
    id = UUID(int=samples.number())
    values = {"number": "HT-HQ-2026-00001", "name": "示波器", "amount": "1000", "signed_on": "2026-03-10"}
    customer = samples.id_for("customer.customer")
    staff = samples.id_for("organization.staff")
    samples.desk.hear(
        ContractSigned(contract_id=id, customer_id=customer, owner_id=staff, receivable_id=id, **values)
    )
    page = samples.desk.ask(samples.somebody, "list", entity="service_desk.deal_handover")
    return str(page["rows"][0]["id"])


def notice(samples: Any) -> str:
    """Born when somebody is told something."""
    customer, staff = samples.id_for("customer.customer"), samples.id_for("organization.staff")
    told = InstalmentFellDue(
        instalment_id=UUID(int=samples.number()), receivable_id=samples.somebody.id, contract_id=samples.somebody.id,
        contract_number="HT-HQ-2026-00001", customer_id=customer, owner_id=staff, due_on="2026-03-10",
        open_amount="5.00",
    )  # fmt: skip
    samples.desk.hear(told)
    return _latest(samples, "notification.notice")


def letter(samples: Any) -> str:
    """Born with the notice of somebody who wants mail."""
    notice(samples)
    return _latest(samples, "notification.letter")


def attempt(samples: Any) -> str:
    """Born when a letter meets the mail server."""
    letter(samples)
    with samples.desk.house.sessions.begin() as session:
        work = Work(session, Actor.system("test"), samples.desk.house, door="test")
        for held in letters.take(work, 1, 100, "guanxi.example", set()):
            letters.hand_over(work, held)
            letters.settle(work, held, Taken("end", 250, "taken"))
    return _latest(samples, "notification.attempt")


def webhook_delivery(samples: Any) -> str:
    """Born when a webhook is tried out."""
    webhook = samples.row("notification.webhook")
    samples.desk.ask(samples.somebody, "ping_webhook", id=webhook["id"])
    return _latest(samples, "notification.webhook_delivery")


def _latest(samples: Any, entity: str) -> str:
    page = samples.desk.ask(samples.somebody, "list", entity=entity, query={"sort": "-created_at"})
    return str(page["rows"][0]["id"])


def unused_kind(samples: Any, cls: type[Any]) -> str:
    """A kind of notice of which there is no such row yet."""
    taken = {row.kind for row in samples.desk.rows(cls)}
    return next(kind for kind in rules.KINDS if kind not in taken)


def fact(samples: Any) -> str:
    """Born when something is heard."""
    staff = samples.id_for("organization.staff")
    samples.desk.hear(
        PaymentRecorded(
            payment_id=UUID(int=samples.number()), contract_id=samples.somebody.id, receivable_id=samples.somebody.id,
            customer_id=samples.somebody.id, owner_id=staff, amount="5.00", remaining="1.00", paid_on="2026-03-10",
        )
    )  # fmt: skip
    return str(samples.desk.ask(samples.somebody, "list", entity="reporting.fact")["rows"][0]["id"])


def pool_rule(samples: Any) -> dict[str, Any]:
    """Somebody who has no rule of her own yet."""
    staff_id = new_id()
    samples.desk.hear(samples.card(samples.followed["organization.staff"], staff_id, {}))
    return {"staff_id": str(staff_id)}


SAMPLES: dict[str, Made] = {
    "customer.resource_plan": lambda samples: {
        "starts_on": "2026-03-01", "ends_on": "2026-03-31", "for_department_id": None,
        "lines": [
            {"kind_id": samples.id_for("organization.choice", {"list": "activity_kind"}), "stage_id": id, "planned": 3}
            for id in (samples.row("customer.lifecycle_stage")["id"], samples.row("customer.lifecycle_stage")["id"])
        ],
    },
    "customer.segment": lambda samples: {"list_of": "customer.customer", "query": "kind=partner"},
    "customer.customer": lambda samples: {"nature": "individual", "parent_id": None},
    "customer.pool_rule": pool_rule,
    "customer.birthday_rule": pool_rule,
    "customer.stakeholder": lambda samples: {"unit": f"{samples.number()}号厂"},
    "customer.contact_link": lambda samples: {
        "contact_id": samples.row("customer.contact")["id"], "other_id": samples.row("customer.contact")["id"],
    },
    "customer.wish": lambda samples: {"contact_id": None},
    "customer.employment": lambda samples: {
        "customer_id": None, "employer": "华北电子", "from_on": "2019-03-01", "until_on": "2020-01-31",
    },
    "customer.reminder_rule": lambda samples: {"minutes": samples.number()},
    "customer.point_rule": lambda samples: {"from_on": str(date(2000, 1, 1) + timedelta(days=samples.number()))},
    "customer.lifecycle_stage": lambda samples: {"entered_by": None},
    "customer.value_rule": lambda samples: {"value_class": "key", "loyalty": None, "query": "kind=partner"},
    "customer.value_indicator": lambda samples: {
        "measure": "paid_amount", "field_id": None, "worst": "0", "best": "10",
    },
    "customer.web_form": lambda samples: {
        "code": f"form-{samples.number()}", "asks": ["mobile", "need"], "sites": [f"https://{samples.number()}.example.com"],
    },
    "sales.product": product,
    "sales.product_class": lambda samples: {"code": f"K{samples.number()}"},
    "receivables.contract": contract,
    "organization.branch": lambda samples: {
        "code": f"B{samples.number()}", "timezone": "Asia/Shanghai", "is_headquarters": False,
    },
    "organization.choice": lambda samples: {"code": f"choice_{samples.number()}"},
    "organization.form": lambda samples: {
        "entity_name": "customer.customer", "department_id": samples.row("organization.department", parent_id=None)["id"],
        "items": [
            {"section": "样品", "section_en": "sample"},
            {"field": "phone", "is_required": True, "hint": "样品", "only_for": ["company"]},
            {"field": "website", "is_left_out": True},
        ],
    },
    "organization.own_field": lambda samples: {"code": f"field_{samples.number()}", "kind": "choice", "refers_to": None},
    "organization.own_object": lambda samples: {
        "code": f"object_{samples.number()}", "number_prefix": f"Q{chr(65 + samples.number() % 26)}{chr(65 + samples.number() // 26 % 26)}",
    },
    "organization.role": lambda samples: {
        "code": f"role_{samples.number()}", "grants": [{"permission": "sales.quote.read", "scope": "own"}],
    },
    "organization.staff": lambda samples: {"login": f"staff{samples.number()}"},
    "notification.preference": lambda samples: {"kind": unused_kind(samples, model.Preference)},
    "notification.template": lambda samples: {"kind": unused_kind(samples, model.Template)},
    "service_desk.ticket": lambda samples: {
        "opened_at": (samples.desk.now - timedelta(hours=1)).isoformat(),
    },
}  # fmt: skip


def export(samples: Any) -> str:
    """A list of branches on its way into a file, asked for by somebody who works here."""
    desk = samples.desk
    if not desk.ask(
        samples.somebody, "list", entity="staff", query={"where": {"id": str(samples.somebody.id)}}
    )["rows"]:
        values = {
            "name": "Alice",
            "login": "export-sample",
            "branch_id": samples.id_for("organization.branch"),
        }
        desk.ask(samples.somebody, "create", entity="staff", id=str(samples.somebody.id), values=values)
    asked = {"name": "样品", "list_of": "organization.branch", "file_kind": "csv", "query": "?q=a"}
    return str(desk.ask(samples.somebody, "start_export", asked)["row"]["id"])


BORN: dict[str, Made] = {
    "organization.export": export,
    "receivables.receivable": lambda samples: owed(samples, "receivables.receivable"),
    "receivables.instalment": lambda samples: owed(samples, "receivables.instalment"),
    "receivables.payment": payment,
    "customer.comment": lambda samples: comment(samples, "customer.lead"),
    "sales.comment": lambda samples: comment(samples, "sales.opportunity"),
    "receivables.comment": lambda samples: comment(samples, "receivables.contract"),
    "service_desk.comment": lambda samples: comment(samples, "service_desk.ticket"),
    "customer.former_contract": former_contract,
    "customer.ladder_report": lambda samples: str(shipped_id("customer.ladder_report", "monthly")),
    "customer.contact_rhythm": lambda samples: str(shipped_id("customer.contact_rhythm", "potential")),
    "customer.value_dimension": lambda samples: str(shipped_id("customer.value_dimension", "third")),
    "branch_sync.site": site,
    "service_desk.deal_handover": deal_handover,
    "reporting.fact": fact,
    "notification.notice": notice,
    "notification.letter": letter,
    "notification.attempt": attempt,
    "notification.webhook_delivery": webhook_delivery,
    "service_desk.service_level": lambda samples: shipped_id("service_desk.service_level", "normal"),
}
