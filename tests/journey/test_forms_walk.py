"""A form of one region, walked in a browser (users 6): Root arranges that of customers for Shanghai, Carol there is asked what it
asks wherever she comes from, Alice in Beijing is not, and in the end the built-in one is back."""

from __future__ import annotations

from uuid import uuid4

from playwright.sync_api import Locator, expect

from tests.journey.system import System, wait_for

MARK = uuid4().hex[:6]
FIRM = f"上海表单{MARK}有限公司"
SHANGHAI = "上海销售部"
WEBSITE = 'id="f-website"'


def place(page, name: str) -> Locator:
    return page.locator(f".arrange-field[data-name={name}]")


class TestForms:
    """Steps of one story; a later one stands on what an earlier one did."""

    kept: dict[str, str] = {}

    def test_1_root_arranges_the_form_of_one_department(self, people):
        root = people("root")
        root.go("/administration")
        root.follow(root.page.locator(".admin-card[href='/organization/form']"))
        root.look(on_phone=True)
        root.follow(root.page.locator("a[href^='/organization/form/new']").first)
        root.look(on_phone=True)
        root.page.select_option("#f-entity_name", "customer.customer")
        root.choose("department_id", SHANGHAI)
        root.save()
        root.look(on_phone=True)
        page = root.page
        page.set_viewport_size({"width": 1440, "height": 2400})  # what is dragged and where to are in sight
        # by keyboard, up and out of its section's head
        up = place(page, "电话").locator("[data-up]")
        up.focus()
        page.keyboard.press("Enter")
        expect(page.locator("[data-said]")).to_contain_text("电话")
        expect(up).to_be_focused()
        first = page.locator("[data-section]", has=place(page, "名称"))
        expect(first.locator(".arrange-field").last).to_have_attribute("data-name", "电话")
        place(page, "电话").locator(".arrange-more summary").click()
        place(page, "电话").locator("[data-is-required]").check()
        place(page, "电话").locator("input[name$='.hint']").fill("总机即可")
        place(page, "电话").locator("input[name$='.hint_en']").fill("The switchboard will do")
        place(page, "网址").locator("[data-leave-out]").click()
        expect(page.locator("[data-left-out] .arrange-field")).to_have_count(1)
        page.locator("[data-add-section]").click()
        page.locator("[data-section]").last.locator("input[name$='.section']").fill("门店")
        page.locator("[data-section]").last.locator("input[name$='.section_en']").fill("Shops")
        root.drag(
            place(page, "地址").locator("[data-grip]"),
            page.locator("[data-section]").last.locator("[data-fields]"),
        )
        expect(page.locator("[data-section]").last.locator(".arrange-field")).to_have_count(1)
        page.set_viewport_size({"width": 1440, "height": 900})
        root.look()
        page.locator("button[hx-post$=preview]").click()
        shown = root.dialog()
        expect(shown.locator("#f-phone-help")).to_have_text("总机即可")
        expect(shown.locator("#f-website")).to_have_count(0)
        root.look(on_phone=True)
        shown.locator(".form-actions button").click()
        root.save()
        self.kept["form"] = page.url
        root.sees("门店", ".form-preview")
        root.look(on_phone=True)

    def test_2_in_english_too(self, people):
        root = people("root", "English")
        for path in (self.kept["form"], f"{self.kept['form']}/edit", f"{self.kept['form']}/history"):
            root.go(path)
            root.look(on_phone=True)
        root.go(self.kept["form"])
        root.sees("Shops", ".form-preview")

    def test_3_carol_is_asked_wherever_she_comes_from(self, people, guanxi: System):
        carol, program = people("carol"), guanxi.client("carol")
        wait_for("the form to be known", lambda: WEBSITE not in program.page("/customer/customer/new"))
        refused = program.ask("POST", "/customer/customer", json={"name": FIRM})
        assert (refused.status_code, [f["field"] for f in refused.json()["fields"]]) == (422, ["phone"])
        carol.go("/customer/customer/new")
        expect(carol.page.locator("#f-website")).to_have_count(0)
        carol.look(on_phone=True)
        carol.page.fill("#f-name", FIRM)
        carol.page.click(".form-actions button[type=submit]")
        carol.is_refused("phone")
        carol.look()
        carol.page.fill("#f-phone", "021-5550100")
        carol.save()
        self.kept["firm"] = carol.page.url
        id = self.kept["firm"].rpartition("/")[2]
        program.patch(f"/customer/customer/{id}", website="https://example.com/store")
        carol.go(self.kept["firm"])
        further = carol.page.locator(".record-fields details", has_text="其他信息")
        further.locator("summary").click()
        expect(further).to_contain_text("example.com/store")
        carol.look(on_phone=True)

    def test_4_alice_in_beijing_is_not(self, people, guanxi: System):
        alice = people("alice")
        alice.go("/customer/customer/new")
        expect(alice.page.locator("#f-website")).to_be_visible()
        assert (
            guanxi.client("alice").ask("POST", "/customer/customer", json={"name": f"北京{FIRM}"}).status_code
            == 201
        )

    def test_5_root_deletes_it_and_the_built_in_one_is_back(self, people, guanxi: System):
        root, program = people("root"), guanxi.client("carol")
        root.go(f"{self.kept['form']}/history")
        expect(root.page.locator(".event-head")).to_have_count(1)
        guanxi.client("root").post(f"/organization/form/{self.kept['form'].rpartition('/')[2]}/archive")
        wait_for("the form to be gone", lambda: WEBSITE in program.page("/customer/customer/new"))
        answer = program.ask("POST", "/customer/customer", json={"name": f"又一家{FIRM}"})
        assert answer.status_code == 201, answer.text
