"""Across services and processes: a field of one's own (users 6), the pool (LED-07, LED-08), one customer made of two (users 1),
many changed at once (users 24) and a file that comes again (users 2)."""

from __future__ import annotations

from uuid import uuid4

from tests.journey.system import Client, System, wait_for
from tests.journey.test_lead_to_last_payment import spreadsheet


def test_a_field_is_there_for_everybody_in_lists_files_and_other_services(guanxi: System):
    root, alice, bob = guanxi.client("root"), guanxi.client("alice"), guanxi.client("bob")
    code = f"grade_{uuid4().hex[:6]}"
    for entity in ("customer.customer", "service_desk.ticket"):
        field = root.post(
            "/organization/own_field",
            entity_name=entity,
            name=f"等级{code}",
            kind="choice",
            code=code,
            is_in_list=True,
        )["row"]
        choices = {
            name: root.post("/organization/own_choice", field_id=field["id"], name=name)["row"]["id"]
            for name in "甲乙"
        }
        if entity == "customer.customer":
            first = choices

    def enter() -> dict | None:
        answer = alice.ask(
            "POST",
            "/customer/customer",
            json={"name": f"自定义{uuid4().hex[:6]}", f"own_{code}": first["甲"]},
        )
        return answer.json()["row"] if answer.status_code == 201 else None

    row = wait_for("customer to know the field and its choices", enter)
    assert row[f"own_{code}"] == first["甲"]
    found = alice.get("/customer/customer", **{f"own_{code}": first["甲"]})
    assert [r["id"] for r in found["rows"]] == [row["id"]]
    assert found["labels"][first["甲"]]["label"] == "甲"
    assert f"等级{code}" in alice.page("/customer/customer/new")
    assert "甲" in alice.ask("GET", f"/customer/customer.csv?own_{code}={first['甲']}").text
    wait_for("the service desk to know it", lambda: f"own_{code}" in alice.page("/service_desk/ticket/new"))

    again = spreadsheet(("编号", f"等级{code}"), (row["number"], "乙"))
    answer = bob.http.post(
        f"{guanxi.url}/customer/customer/import", data={"duplicates": "update", "key": "number"},
        files={"file": ("again.xlsx", again)}, timeout=60,
    )  # fmt: skip
    job = answer.json()["id"]
    place = f"/customer/customer/import/{job}"
    wait_for("the dry run", lambda: bob.get(place)["state"] == "checked")
    bob.post(f"{place}/run")
    wait_for("the run", lambda: bob.get(place)["state"] == "done")
    assert bob.get(place)["problems_sample"] == []
    assert alice.get(f"/customer/customer/{row['id']}")["row"][f"own_{code}"] == first["乙"]

    root.post(f"/organization/own_field/{field['id']}/archive")
    wait_for("the field to be gone", lambda: f"own_{code}" not in alice.page("/service_desk/ticket/new"))


def test_what_is_released_is_picked_within_limits(guanxi: System):
    root, alice, bob = guanxi.client("root"), guanxi.client("alice"), guanxi.client("bob")
    leads = [alice.post("/customer/lead", name=f"公海{uuid4().hex[:6]}")["row"] for _ in range(2)]
    done = bob.post(
        "/customer/lead/change-many", ids=[lead["id"] for lead in leads], values={"need": "二十套"}
    )
    assert (done["changed"], done["refused"]) == (2, [])
    for lead in leads:
        alice.post(f"/customer/lead/{lead['id']}/release")
    assert alice.ask("GET", f"/customer/lead/{leads[0]['id']}").status_code == 404
    found = {row["id"]: row for row in alice.get("/pool/lead.json", q=leads[0]["name"])["rows"]}
    assert found[leads[0]["id"]]["need"] == "二十套"
    assert leads[0]["name"] in alice.page(f"/pool?q={leads[0]['name']}")
    rule = f"/customer/pool_rule/{root.one('customer/pool_rule', applies_to='customer.lead')['id']}"
    root.patch(rule, picks_a_day=1)
    assert alice.post("/customer/do/pick_lead", id=leads[0]["id"])["row"]["owner_id"] == alice.actor["id"]
    refused = alice.ask("POST", "/customer/do/pick_lead", json={"id": leads[1]["id"]})
    assert (refused.status_code, refused.json()["code"]) == (409, "PickedEnough")
    root.patch(rule, picks_a_day=5)
    assert alice.post("/customer/do/pick_lead", id=leads[1]["id"])["row"]["need"] == "二十套"


def test_papers_of_other_services_follow_a_merge_and_come_back(guanxi: System):
    alice = guanxi.client("alice")
    name = uuid4().hex[:8]
    one = alice.post("/customer/customer", name=f"合并{name}有限公司")["row"]
    other = alice.post("/customer/customer", name=f"合并{name}")["row"]
    deal = wait_for("sales to know the customer", lambda: _deal(alice, other))
    page = alice.page(f"/customer/customer/merge?id={one['id']}&id={other['id']}")
    assert f'name="_take.name" value="{other["id"]}"' in page
    groups = alice.get("/customer/customer/duplicates.json", by="name")["groups"]
    assert {one["id"], other["id"]} in [set(group["ids"]) for group in groups]
    merged = alice.post(
        "/customer/customer/merge",
        kept_id=one["id"],
        gone_ids=[other["id"]],
        values={"phone": "010-62345678"},
    )
    assert merged["row"]["phone"] == "010-62345678"

    def of(customer: dict) -> bool:
        return alice.get(f"/sales/opportunity/{deal['id']}")["row"]["customer_id"] == customer["id"]

    wait_for("the opportunity to follow", lambda: of(one))
    assert deal["name"] in alice.page(f"/customer/customer/{one['id']}")
    assert "合并" in alice.page(f"/customer/customer/{one['id']}/merges")
    alice.post(f"/customer/customer/unmerge/{merged['merge_id']}")
    wait_for("the opportunity to come back", lambda: of(other))
    assert alice.get(f"/customer/customer/{one['id']}")["row"]["phone"] is None


def _deal(client: Client, of: dict) -> dict | None:
    answer = client.ask(
        "POST", "/sales/opportunity", json={"name": f"示波器{of['name']}", "customer_id": of["id"]}
    )
    return answer.json()["row"] if answer.status_code == 201 else None
