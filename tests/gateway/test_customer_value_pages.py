"""The groups of the value model and what one is made of (CUS-11), and why a customer has its scores, in both languages."""

ID = "01900000-0000-7000-8000-000000000001"
TRADE = "01900000-0000-7000-8000-000000000002"
SUMS = {"lifetime_value": "900.00"}


def grouped(actor, message):
    by, asked = message["by"][0], message["query"]["where"]
    keys = {"value_group": ["core", "ordinary", None], "industry_id": [TRADE, None]}.get(by, [None])
    assert by == "value_group" or set(asked) == {"value_group"}
    groups = [{"keys": [key], "count": 3 + at, "sums": SUMS} for at, key in enumerate(keys)]
    label = {"entity": "organization.choice", "label": "商业贸易", "label_en": "Trade"}
    return {"groups": groups, "count": 12, "sums": SUMS, "labels": {TRADE: label}}


def dimensions(house):
    names = (("value", "收益", "Yield"), ("propensity", "倾向", "Leaning"), ("third", "关系", "Bond"))
    rows = [
        {"id": ID, "code": code, "name": name, "name_en": english, "high_from": 60}
        for code, name, english in names
    ]
    house.doors["customer", "list"] = lambda actor, message: {
        "rows": rows, "labels": {}, "next": None, "count": 3, "capped": False, "totals": {},
    }  # fmt: skip


def test_the_best_group_is_taken_apart(house, alice, wang):
    house.doors["customer", "grouped"] = grouped
    dimensions(house)
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
    for word in ("Yield high · Leaning low", "Bond high", "third_score__gte=60"):
        assert word in shown, word
    assert "收益低 · 倾向高" in wang.get("/customer-value").text.replace(" 低", "低").replace(" 高", "高")
    assert "核心客户" in wang.get("/customer-value?group=ordinary").text
    found = alice.get("/customer-value.json").json
    assert (found["best"], found["groups"]["core"]["average"]) == ("core", "300.00")
    assert alice.get("/customer-value?group=none").status_code == 422


def test_a_group_is_taken_apart_by_whatever_the_reader_names(house, alice):
    """CUS-11: what the best group is made of, by kind, nature, owner, department, tag or own field."""
    house.doors["customer", "grouped"] = grouped
    dimensions(house)
    shown = alice.get("/customer-value?by=tags").text
    for name in ("kind", "nature", "owner_id", "department_id", "tags", "stage_id"):
        assert f'<option value="{name}"' in shown, name
    assert '<option value="tags" selected' in shown
    assert "tags__empty=yes" in shown
    assert "industry_id=" not in shown
    assert set(alice.get("/customer-value.json?by=owner_id").json["parts"]) == {"owner_id"}
    assert alice.get("/customer-value?by=name").status_code == 422


def test_why_a_customer_has_its_scores(house, alice, wang):
    one = {
        "name": "已付金额", "name_en": "Paid amount", "measure": "paid_amount", "figure": "500.00", "worst": "0",
        "best": "1000", "weight": 3, "points": "50.0", "adds": "50.0",
    }  # fmt: skip
    house.doors["customer", "value"] = lambda actor, message: {
        "customer_id": message["customer_id"], "name": "泰微", "applied_at": None, "value_group": "dormant",
        "scores": [
            {"dimension": "value", "name": "价值", "name_en": "Worth", "high_from": 50, "score": "50.0", "judged": [one]},
            {"dimension": "propensity", "name": "倾向", "name_en": None, "high_from": 50, "score": None, "judged": []},
        ],
    }  # fmt: skip
    shown = alice.get(f"/customer-value/{ID}").text
    for word in ("Dormant", "Worth", "Paid amount", "Full points at", "50.0"):
        assert word in shown
    part = wang.get(f"/customer-value/{ID}", headers={"HX-Request": "true", "HX-Target": "value"}).text
    assert "沉睡客户" in part
    assert "<html" not in part
