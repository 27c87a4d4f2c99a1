"""People at a customer on the whole system: a colleague called by name is told once (users 9), the board and the page warn until
whoever decides was met (users, leap 8), and a contact buys for her family (CON-07)."""

from __future__ import annotations

from uuid import uuid4

from contracts.organization import choice_id
from tests.journey.system import System, wait_for


def test_a_colleague_is_called_to_a_customer_and_told_once(guanxi: System):
    alice, bob = guanxi.client("alice"), guanxi.client("bob")
    customer = alice.post("/customer/customer", name=f"喊人{uuid4().hex[:6]}")["row"]
    remarks = {"about": "customer.customer", "record_id": customer["id"]}

    offered = alice.get(f"/customer/remarks/customer/{customer['id']}/colleagues", q="bo")["options"]
    assert [one["login"] for one in offered] == ["bob"]
    refused = alice.ask("POST", "/customer/do/add_comment", json=remarks | {"text": "@carol 请看"})
    assert refused.status_code == 422
    said = alice.post("/customer/do/add_comment", **remarks, text="@bob @bob 请看")["row"]
    assert "@白博文" in said["text"]

    def told() -> list[dict]:
        rows = bob.rows("notification/notice", kind="mentioned")
        return [row for row in rows if customer["name"] in row["subject"]]

    (notice,) = wait_for("Bob to be told", told)
    assert notice["link"] == f"/customer/customer/{customer['id']}"
    assert len(told()) == 1
    assert 'class="mention-chip"' in bob.page("/my-day")


def test_the_board_warns_until_whoever_decides_was_met(guanxi: System):
    alice = guanxi.client("alice")
    stage = next(row for row in alice.rows("sales/stage", sort="position") if row["asks_for_decider"])
    name = f"决策{uuid4().hex[:6]}"
    customer = alice.post("/customer/customer", name=name)["row"]
    deal = wait_for(
        "sales to know the customer",
        lambda: alice.ask(
            "POST", "/sales/opportunity", json={"name": name, "customer_id": customer["id"], "stage_id": stage["id"]}
        ).json().get("row"),
    )  # fmt: skip
    address = f"/sales/opportunity/{deal['id']}/buying-centre.json"

    def centre(decider: str):
        answer = alice.ask("GET", address)
        return answer.status_code == 200 and answer.json()["decider"] == decider and answer.json()

    assert wait_for("customer to know the opportunity", lambda: centre("unknown"))["is_late"]
    assert "决策人不明" in alice.page(f"/sales/board?text={name}")
    contact = alice.post(
        "/customer/contact", customer_id=customer["id"], name="王总", buying_role_id=str(choice_id("buying_role", "decider")),
    )["row"]  # fmt: skip
    assert centre("never_met")["is_late"]
    visit = {
        "kind_id": str(choice_id("activity_kind", "visit")),
        "subject": "拜访",
        "contact_id": contact["id"],
    }
    alice.post("/customer/do/log_activity", **visit)
    assert not centre("met")["is_late"]
    assert "决策人" not in alice.page(f"/sales/board?text={name}")


def test_a_contact_buys_for_her_family(guanxi: System):
    alice = guanxi.client("alice")
    customer = alice.post("/customer/customer", name=f"单位{uuid4().hex[:6]}")["row"]
    contact = alice.post("/customer/contact", customer_id=customer["id"], name="王芳")["row"]
    alice.post(f"/customer/contact/{contact['id']}/sell_privately", family_name="王家")
    private = alice.one("customer/customer", contact_id=contact["id"])
    family = alice.one("customer/customer", id=private["parent_id"])
    assert (private["nature"], family["nature"], family["company_id"]) == (
        "individual",
        "family",
        customer["id"],
    )
    again = alice.ask("POST", f"/customer/contact/{contact['id']}/sell_privately", json={})
    assert again.status_code == 409
    group = alice.get(f"/customer/customer/{family['id']}/group.json")
    assert [one["name"] for one in group["members"]] == ["王家", "王芳"]
