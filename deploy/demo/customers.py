"""Customers with their people and their contracts of former days, and leads: both come in as files do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from contracts.organization import choice_id

from .asking import PATIENCE, Desk, NotLoaded, demo_id
from .people import of_role, staff_id
from .words import JOB_TITLES, NEEDS, Words

CUSTOMERS, LEADS = 900, 1400
AREAS = {
    "东城区": ("wangfujing", "dongzhimen", "chongwenmen"),
    "西城区": ("financial_street", "xidan", "guanganmen"),
    "朝阳区": ("guomao", "wangjing", "jiuxianqiao", "yayuncun"),
    "海淀区": ("zhongguancun", "shangdi", "wudaokou", "gongzhufen"),
    "丰台区": ("lize", "fangzhuang", "technology_park"),
    "石景山区": ("bajiao", "pingguoyuan"),
    "通州区": ("canal", "zhangjiawan"),
    "大兴区": ("yizhuang", "huangcun"),
}
"""Where the customers of headquarters sit: district and the areas of the region tree in it."""
SOURCES = (
    "staff_referral", "customer_referral", "partner_referral", "other_referral", "visit", "exhibition", "internet",
    "internet", "advertising", "phone_enquiry", "phone_enquiry", "walk_in", "other_response",
)  # fmt: skip
BATCH = 500


def load(desk: Desk, today: date) -> None:
    """The file of old customers, by the administrator."""
    bring_in(desk, "customer.customer", "老客户资料.xlsx", list(customers(Words(2001), today)))


def load_leads(desk: Desk, today: date) -> None:
    """The file of leads; none of them has the name of a customer."""
    words = Words(2001)
    for _ in customers(words, today):
        pass  # their names are taken
    bring_in(desk, "customer.lead", "准客户资料.xlsx", list(leads(words, today)))


def bring_in(desk: Desk, entity: str, file_name: str, rows: list[dict[str, Any]]) -> None:
    """As the import page does: begin, send the rows, look at them, make them."""
    service, _, noun = entity.partition(".")
    job = demo_id("import", entity)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    begun = {"entity": noun, "id": job, "file_name": file_name, "columns": columns, "duplicates": "take"}
    desk.all([("root", service, "start_import", begun, f"import/{entity}")])
    state = desk.ask("root", service, "job", {"id": job})["state"]
    if state == "staging":
        desk.all(
            (
                "root",
                service,
                "stage_rows",
                {"job_id": job, "first": 2 + n, "rows": rows[n : n + BATCH]},
                None,
            )
            for n in range(0, len(rows), BATCH)
        )
        desk.ask("root", service, "check_import", {"job_id": job})
        state = wait_for(desk, service, job, "checked")
    if state == "checked":
        desk.ask("root", service, "run_import", {"job_id": job})
        state = wait_for(desk, service, job, "done")
    if state != "done":
        raise NotLoaded(f"The import of {entity} is «{state}»; continue it on its page, or take it back.")


def wait_for(desk: Desk, service: str, job: Any, wanted: str) -> str:
    """Until the job is that far. Raises NotLoaded when it set rows aside: ours are all good."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = desk.ask("root", service, "job", {"id": job})
        if found["bad"]:
            raise NotLoaded(
                f"{found['bad']} rows of {found['entity']} were set aside: {found['problems_sample']}"
            )
        if found["state"] == wanted:
            return wanted
        time.sleep(0.1)
    raise NotLoaded(f"The import of {service} did not get to «{wanted}» in {PATIENCE:.0f} s.")


def customers(words: Words, today: date) -> Iterator[dict[str, Any]]:
    """Old customers: two thirds in Beijing, with the reps there; three in ten with a contract of former days."""
    dice = words.dice
    for number in range(1, CUSTOMERS + 1):
        branch = "HQ" if number % 9 not in (4, 8) else "SH"
        row = _company(words, branch, number)
        row |= {
            "kind": dice.choices(("end_customer", "partner"), (94, 6))[0],
            "tax_number": row.pop("_tax_number"),
            "short_name": row.pop("_short_name"),
            "background": row.pop("_background"),
            "contact_name": words.person(),
            "contact_job_title": dice.choice(JOB_TITLES),
            "contact_mobile": words.mobile(number),
        }
        if dice.random() < 0.3:
            row |= _former_contract(dice, row["name"], number, today)
        yield row


def leads(words: Words, today: date) -> Iterator[dict[str, Any]]:
    """Companies that might buy; some belong to marketing still."""
    dice = words.dice
    for number in range(1001, 1001 + LEADS):
        branch = "HQ" if number % 5 else "SH"
        row = _company(words, branch, number)
        for name in ("_tax_number", "_short_name", "_background"):
            row.pop(name)
        if branch == "HQ" and dice.random() < 0.15:
            row["owner_id"] = staff_id(dice.choice(of_role("marketing", "HQ")))
        row |= {
            "contact_name": words.person(),
            "job_title": dice.choice(JOB_TITLES),
            "mobile": words.mobile(number),
            "need": dice.choice(NEEDS),
        }
        if dice.random() < 0.6:
            row["expected_amount"] = str(Decimal(dice.randint(4, 400)) * 1000)
        if dice.random() < 0.4:
            row["next_step_on"] = today + timedelta(days=dice.randint(-5, 25))
        yield row


def _company(words: Words, branch: str, number: int) -> dict[str, Any]:
    dice = words.dice
    company = words.company("北京" if branch == "HQ" else "上海", number)
    district = dice.choice(list(AREAS))
    street = (
        f"{dice.choice('建文兴和安新中东西南北')}{dice.choice('华苑园泰平康盛源')}路{dice.randint(1, 299)}号"
    )
    here = branch == "HQ"
    return {
        "name": company.name,
        "industry_id": choice_id("industry", company.industry),  # type: ignore[arg-type]
        "source_id": choice_id("lead_source", dice.choice(SOURCES)),
        "region_id": choice_id("region", dice.choice(AREAS[district])) if here else None,
        "phone": words.landline("010" if here else "021", number),
        "email": f"info@{company.site}.example",
        "website": company.website,
        "address": f"北京市{district}{street}" if here else f"上海市浦东新区{street}",
        "owner_id": staff_id(dice.choice(of_role("rep", branch))),
        "_tax_number": company.tax_number,
        "_short_name": company.short_name,
        "_background": dice.choice(NEEDS) if dice.random() < 0.4 else None,
    }


def _former_contract(dice: Random, name: str, number: int, today: date) -> dict[str, Any]:
    """Mostly paid and closed long ago; one in ten still owes something."""
    signed_on = today - timedelta(days=dice.randint(120, 1400))
    amount = Decimal(dice.randint(8, 600)) * 1000
    owes = dice.random() < 0.1
    return {
        "contract_number": f"旧-{signed_on.year}-{number:04d}",
        "contract_name": f"{name}设备采购",
        "contract_amount": str(amount),
        "contract_signed_on": signed_on,
        "contract_paid": str(amount * dice.choice((3, 5, 8)) / 10 if owes else amount),
        "contract_closed_on": None if owes else signed_on + timedelta(days=dice.randint(30, 110)),
    }


def of_reps(desk: Desk, entity: str, today: date) -> Callable[[str], list[dict[str, Any]]]:
    """The rows of one rep, by her login: as the file brought them in, whatever has become of them or was added since."""
    words = Words(2001)
    told = {"customer.customer": list(customers(words, today)), "customer.lead": list(leads(words, today))}
    there = {row["name"]: row for row in desk.rows(entity)}
    found: dict[str, list[dict[str, Any]]] = {}
    for row in told[entity]:
        found.setdefault(str(row["owner_id"]), []).append(there[row["name"]])
    return lambda login: found.get(str(staff_id(login)), [])
