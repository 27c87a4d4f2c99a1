"""The report of the loyalty ladder over time (CUS-06), in both languages."""

ID = "01900000-0000-7000-8000-000000000001"


def test_the_ladder_over_time(house, alice, wang):
    asked = []

    def ladder(actor, message):
        asked.append(message)
        return {
            "steps": ["target", "loyal"], "months": [{"on": "2026-02-28", "counts": {"target": 7}}], "up": 1, "down": 0,
            "moved": [{"id": ID, "up": 1, "down": 0}], "labels": {ID: {"entity": "organization.staff", "label": "王芳"}},
            "climbs": [{
                "customer_id": ID, "name": "泰微", "before": "target", "after": "loyal", "is_up": True,
                "at": "2026-02-10T04:00:00+00:00",
            }],
        }  # fmt: skip

    house.doors["customer", "ladder"] = ladder
    shown = alice.get("/ladder").text
    for part in ("Ladder over time", "王芳", "泰微", "Loyal", f"owner_id={ID}", "7"):
        assert part in shown, part
    assert asked[0].get("field", "loyalty") == "loyalty"
    part = wang.get(
        "/ladder?field=value_class&by=department_id", headers={"HX-Request": "true", "HX-Target": "ladder"}
    ).text
    assert "忠诚" in part
    assert "<html" not in part
    assert asked[1]["by"] == "department_id"
    assert alice.get("/ladder.json").json["up"] == 1
    assert alice.get("/ladder?from_on=never").status_code == 422
    assert "/ladder" in alice.get("/reports").text
