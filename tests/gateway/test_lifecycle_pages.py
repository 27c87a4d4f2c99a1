"""Who stands where (CUS-08), one customer's way (CUS-07), and what rules would change (CUS-05, CUS-06), in both languages."""

ID = "01900000-0000-7000-8000-000000000001"
STAGE = "01900000-0000-7000-8000-000000000002"
SAID = {
    "on": "2026-03-01", "fact": None, "mark": "entered", "id": "01900000-0000-7000-8000-000000000003", "note": "已发货",
    "told_by": "Alice",
}  # fmt: skip


def test_each_number_opens_its_list(house, alice, wang):
    counted = {
        "customers": 3,
        "stalled": 1,
        "lost": 0,
        "activities": 2,
        "opportunities": 1,
        "amount": "9.50",
        "tickets": 0,
    }
    house.doors["customer", "lifecycle_counts"] = lambda actor, message: {
        "stages": [{"id": STAGE, "name": "需求与立项", "name_en": "Need", **counted}]
    }
    shown = alice.get("/lifecycle").text
    assert "Need" in shown
    assert f"stage_id={STAGE}" in shown
    assert "stalls_on__lte=today" in shown
    assert f"/customer/activity?state=planned&amp;customer_id.stage_id={STAGE}" in shown, (
        "the work itself (CUS-08)"
    )
    assert f'href="/lifecycle/{STAGE}/opportunities"' in shown
    assert "需求与立项" in wang.get("/lifecycle").text
    assert alice.get("/lifecycle.json").json["stages"][0]["customers"] == 3


def test_the_work_of_a_stage_is_opened_and_acted_on_where_another_service_keeps_it(house, alice, wang):
    """CUS-08: count and act on the work items sitting in each stage."""
    asked = []

    def customers(actor, message):
        asked.append(message["query"]["where"])
        return {
            "rows": [{"id": ID, "name": "泰微"}],
            "labels": {},
            "next": None,
            "count": 1,
            "capped": False,
            "totals": {},
        }

    def work(actor, message):
        asked.append(message["query"]["where"])
        row = {
            "id": ID,
            "name": "机房",
            "subject": "打不开",
            "customer_id": ID,
            "expected_amount": "9.50",
            "state": "open",
        }
        return {
            "rows": [row],
            "labels": {},
            "next": None,
            "count": 1,
            "capped": False,
            "totals": {"expected_amount": "9.50"},
        }

    stage = {"id": STAGE, "name": "需求与立项", "name_en": "Need"}
    house.doors["customer", "get"] = lambda actor, message: {"row": stage, "labels": {}, "can": {}}
    house.doors["customer", "list"] = customers
    house.doors["sales", "list"] = house.doors["service_desk", "list"] = work
    shown = alice.get(f"/lifecycle/{STAGE}/opportunities").text
    assert asked == [
        {"stage_id": STAGE, "open_opportunities__gte": 1}, {"customer_id": [ID], "state": "open"},
    ]  # fmt: skip
    for part in (
        "Need",
        "机房",
        f"/customer/do/plan_activity?customer_id={ID}&amp;opportunity_id={ID}",
        "9.50",
    ):
        assert part in shown, part
    tickets = wang.get(f"/lifecycle/{STAGE}/tickets").text
    assert "打不开" in tickets
    assert asked[-1] == {"customer_id": [ID], "state__ne": "closed"}
    assert alice.get(f"/lifecycle/{STAGE}/tickets.json").json["count"] == 1


def test_the_way_of_one_customer_whole_and_as_a_part(house, alice, wang):
    stages = [{"id": STAGE, "name": "交付", "name_en": "Delivery", "planned": None, "entered": SAID}]
    house.doors["customer", "lifecycle"] = lambda actor, message: {
        "customer_id": ID, "name": "泰微", "as_of": message["as_of"] or "2026-03-10", "is_now": not message["as_of"],
        "stage_id": STAGE, "since": "2026-03-01", "is_lost": False, "stalls_on": "2026-03-09", "is_stalled": True,
        "stages": stages, "told": [SAID | {"mark": "lost", "note": "没有预算"}],
    }  # fmt: skip
    shown = alice.get(f"/lifecycle/{ID}").text
    for word in ("Delivery", "Stalled", "没有预算", 'aria-current="step"'):
        assert word in shown
    part = wang.get(
        f"/lifecycle/{ID}?as_of=2026-03-05", headers={"HX-Request": "true", "HX-Target": "lifecycle"}
    ).text
    assert "停滞" in part
    assert "<html" not in part
    assert alice.get(f"/lifecycle/{ID}?as_of=never").status_code == 422


def test_what_rules_would_change(house, alice, wang):
    house.doors["customer", "preview_value_rules"] = lambda actor, message: {
        "applied_at": "2026-03-10T04:00:00+00:00", "is_changed": True, "customers": 40, "moving": 37,
        "moves": [{"field": "value_class", "before": "target", "after": "key", "count": 37}],
        "outdated": [{"name": "政府", "name_en": "Government"}],
    }  # fmt: skip
    shown = alice.get("/value-rules").text
    assert "37" in shown
    assert "value_class=target" in shown
    assert "so they fit nobody: Government" in shown
    assert "重点客户" in wang.get("/value-rules").text
