"""Across services and processes, in a browser: Root deletes a field of the company's own, its code is used again, and Alice meets
nothing of it but in the history (users 6). And two people at one form see each other (users 11)."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import expect

from contracts.editing import EVERY
from tests.journey.system import System, wait_for

MARK = uuid4().hex[:6]
CODE, NAME, SAID = f"slogan_{MARK}", f"口号{MARK}", f"天道酬勤{MARK}"


class TestDeletion:
    """Steps of one story; a later one stands on what an earlier one did."""

    kept: dict[str, str] = {}

    def test_1_alice_fills_it_in_and_keeps_a_view_of_it(self, guanxi: System):
        root, alice = guanxi.client("root"), guanxi.client("alice")
        field = root.post(
            "/organization/own_field", entity_name="customer.customer", name=NAME, name_en=f"Slogan {MARK}", kind="text",
            code=CODE, is_in_list=True, is_searched=True,
        )["row"]  # fmt: skip
        values = {"name": f"有口号{MARK}", f"own_{CODE}": SAID}
        enter = lambda: alice.ask("POST", "/customer/customer", json=values)  # noqa: E731
        made = wait_for(
            "customer to know the field", lambda: (a := enter()).status_code == 201 and a.json()["row"]
        )
        view = alice.post(
            "/organization/saved_view", name=f"有口号{MARK}", list_of="customer.customer",
            query=f"own_{CODE}__empty=no&columns=name,own_{CODE}",
        )["row"]  # fmt: skip
        found = lambda: alice.rows("customer/customer", q=SAID)  # noqa: E731
        assert [row["id"] for row in found()] == [made["id"]]
        self.kept.update(field=field["id"], record=made["id"], view=view["id"])

    def test_2_root_is_told_what_would_be_lost_and_types_its_code(self, guanxi: System, people):
        asked = {"organization.own_field": self.kept["field"]}
        told = {"values": 1, "mentions": [f"有口号{MARK}"]}
        keeper = guanxi.client("root")

        def use() -> dict:
            found = keeper.ask("GET", "/organization/own-fields/use", params=asked).json()
            return {**found, "mentions": [one["name"] for one in found.get("mentions", ())]}

        wait_for("all to know what hangs on it", lambda: use() == told)
        root = people("root")
        place = f"/organization/own_field/{self.kept['field']}"
        root.go(place)
        expect(root.page.locator(".own-object-use")).to_contain_text("1 条记录")
        root.look(on_phone=True)
        root.page.get_by_role("button", name="更多").last.click()
        root.page.once("dialog", lambda dialog: dialog.accept())
        root.page.get_by_role("button", name="归档").click()
        expect(root.page.locator(".record-title")).to_contain_text("已归档")
        root.page.get_by_role("button", name="更多").last.click()
        root.page.get_by_role("link", name="删除", exact=True).click()
        dialog = root.dialog()
        expect(dialog).to_contain_text("无法恢复")
        expect(dialog).to_contain_text(f"有口号{MARK}")
        dialog.locator("#f-confirm").fill("口号")
        dialog.locator("button[type=submit]").click()
        expect(dialog.locator(".field-error")).to_contain_text(CODE)
        root.wrong.clear()  # the browser notes each answer that refuses
        root.look(on_phone=True)
        dialog.locator("#f-confirm").fill(CODE)
        root.send()
        expect(root.page.locator(".record-title")).to_contain_text("已删除")
        root.look(on_phone=True)

    def test_3_the_next_field_of_its_code_has_never_heard_of_it(self, guanxi: System):
        root, alice = guanxi.client("root"), guanxi.client("alice")
        root.post(
            "/organization/own_field", entity_name="customer.customer", name=f"成立{MARK}", name_en=f"Founded {MARK}", kind="date",
            code=CODE, is_in_list=True,
        )  # fmt: skip
        place, name = f"/customer/customer/{self.kept['record']}", f"own_{CODE}"
        change = lambda: alice.ask("PATCH", place, json={name: "2026-01-02"}, headers_also={"If-Match": "*"})  # noqa: E731
        assert alice.get(place)["row"].get(name) is None
        wait_for("customer to know the next one", lambda: change().status_code == 200)
        assert alice.get(place)["row"][name] == "2026-01-02"
        assert SAID not in alice.ask("GET", f"/customer/customer.csv?id={self.kept['record']}").text
        wait_for("its words to be found no longer", lambda: alice.rows("customer/customer", q=SAID) == [])
        asked = {"organization.own_field": self.kept["field"]}
        gone = lambda: root.get("/organization/own-fields/use", **asked)  # noqa: E731
        wait_for("its values to be taken out", lambda: gone() == {"values": 0, "mentions": []})

    def test_4_alice_sees_that_her_view_lost_its_condition_and_reads_the_history(self, people):
        alice = people("alice")
        alice.go(f"/customer/customer?view={self.kept['view']}")
        alice.follow(alice.page.locator(".tabs a", has_text=f"有口号{MARK}"))
        expect(alice.page.locator(".notice.is-warning")).to_contain_text("已删除的字段")
        expect(alice.page.locator(".filter-row")).to_contain_text(NAME)
        alice.look(on_phone=True)
        alice.go(f"/customer/customer/{self.kept['record']}/history")
        expect(alice.page.locator(".timeline")).to_contain_text(f"{NAME}（已删除）")
        expect(alice.page.locator(".timeline")).to_contain_text(SAID)
        alice.look(on_phone=True)


def test_two_people_at_one_form_see_each_other(guanxi: System, people):
    made = guanxi.client("alice").post("/customer/customer", name=f"两人同改{MARK}")["row"]
    form = f"/customer/customer/{made['id']}/edit"
    alice, bob = people("alice"), people("bob")
    alice.page.clock.install()  # her twenty seconds need not be waited for
    alice.go(form)
    with alice.page.expect_response("**/editing"):
        pass
    bob.go(form)
    expect(bob.page.locator(".editing .notice")).to_contain_text("正在编辑这条记录")
    bob.look(on_phone=True)
    alice.page.clock.fast_forward(EVERY * 1000)
    expect(alice.page.locator(".editing .notice")).to_be_visible()
    alice.look(on_phone=True)
