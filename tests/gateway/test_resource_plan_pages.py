"""A resource plan beside the facts, in both languages; each number opens the work behind it (CUS-10)."""

ID, KIND, STAGE = (f"01900000-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
LINE = {
    "position": 2, "kind_id": KIND, "stage_id": STAGE, "planned": 10, "actual": 6, "success": 3, "failure": 1, "stranded": 2,
}  # fmt: skip
ROW = {
    "activity_id": ID, "subject": "回访", "done_at": "2026-03-10T04:00:00+00:00", "owner_id": None, "customer_id": ID,
    "customer": "泰微", "outcome": "failure",
}  # fmt: skip


def plan(house):
    row = {
        "id": ID,
        "name": "一季度",
        "starts_on": "2026-01-01",
        "ends_on": "2026-03-31",
        "average_deal": "5000.00",
        "ver": 1,
    }
    house.doors["customer", "get"] = lambda actor, message: {"row": row, "labels": {}, "can": {}}
    house.doors["customer", "plan_progress"] = lambda actor, message: {
        "until": "2026-03-10", "lines": [LINE], "deals": 2, "deals_amount": "9000.00",
        "rows": [ROW] if message["line"] == 2 and message["outcome"] == "failure" else [],
        "labels": {KIND: {"label": "电话", "label_en": "Call"}, STAGE: {"label": "目标", "label_en": "Target"}},
    }  # fmt: skip


def test_plan_and_fact_stand_side_by_side_and_each_number_opens_its_rows(alice, wang, house):
    plan(house)
    shown = alice.get(f"/customer/resource_plan/{ID}/progress").text
    for part in ("Call", "Target", "60%", "Stranded", "¥4,500.00 on average", "line=2&amp;outcome=failure"):
        assert part in shown, part
    assert "回访" not in shown
    opened = wang.get(
        f"/customer/resource_plan/{ID}/progress?line=2&outcome=failure", headers={"HX-Request": "true", "HX-Target": "progress"}
    ).text  # fmt: skip
    assert "回访" in opened
    assert "滞留" in opened
    assert "<html" not in opened
    assert alice.get(f"/customer/resource_plan/{ID}/progress.json").json["lines"][0]["stranded"] == 2
    assert alice.get(f"/customer/resource_plan/{ID}/progress?line=x").status_code == 422
    assert alice.get(f"/customer/resource_plan/{ID}/progress?outcome=lost").status_code == 422
