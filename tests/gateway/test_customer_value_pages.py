"""The groups of the value model and what one is made of (CUS-11), and why a customer has its scores, in both languages."""

ID = "01900000-0000-7000-8000-000000000001"
TRADE = "01900000-0000-7000-8000-000000000002"
SUMS = {"lifetime_value": "900.00"}


def grouped(actor, message):
    by, asked = message["by"][0], message["query"]["where"]
    keys = {"value_group": ["core", "ordinary", None], "industry_id": [TRADE, None]}.get(by, ["key"])
    assert by == "value_group" or set(asked) == {"value_group"}
    groups = [{"keys": [key], "count": 3 + at, "sums": SUMS} for at, key in enumerate(keys)]
    label = {"entity": "organization.choice", "label": "商业贸易", "label_en": "Trade"}
    return {"groups": groups, "count": 12, "sums": SUMS, "labels": {TRADE: label}}


def test_the_best_group_is_taken_apart(house, alice, wang):
    house.doors["customer", "grouped"] = grouped
    shown = alice.get("/customer-value").text
    for word in (
        "Core",
        "most valuable",
        "Trade",
        f"industry_id={TRADE}",
        "value_group=core",
        "not judged yet",
    ):
        assert word in shown
    assert "核心客户" in wang.get("/customer-value?group=ordinary").text
    found = alice.get("/customer-value.json").json
    assert (found["best"], found["groups"]["core"]["average"]) == ("core", "300.00")
    assert alice.get("/customer-value?group=none").status_code == 422


def test_why_a_customer_has_its_scores(house, alice, wang):
    one = {
        "name": "已付金额", "name_en": "Paid amount", "measure": "paid_amount", "figure": "500.00", "worst": "0",
        "best": "1000", "weight": 3, "points": "50.0", "adds": "50.0",
    }  # fmt: skip
    house.doors["customer", "value"] = lambda actor, message: {
        "customer_id": message["customer_id"], "name": "泰微", "applied_at": None, "value_group": "dormant",
        "scores": [
            {"dimension": "value", "score": "50.0", "judged": [one]},
            {"dimension": "propensity", "score": None, "judged": []},
        ],
    }  # fmt: skip
    shown = alice.get(f"/customer-value/{ID}").text
    for word in ("Dormant", "Paid amount", "Full points at", "50.0"):
        assert word in shown
    part = wang.get(f"/customer-value/{ID}", headers={"HX-Request": "true", "HX-Target": "value"}).text
    assert "沉睡客户" in part
    assert "<html" not in part
