"""A kind of record of the company's own, walked in a browser (users 6): Root defines equipment with five fields, Alice writes one
down at a customer and brings ten, Carol of another department does not see them, and Root deletes the kind again and thinks better
of it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from playwright.sync_api import expect

from tests.journey.system import System, wait_for
from tests.journey.test_lead_to_last_payment import spreadsheet

MARK = uuid4().hex[:6]
KIND, LIST = f"设备{MARK}", f"/customer/object_machines_{MARK}"
FIRM, PRESS = f"苏州冲压{MARK}有限公司", f"一号冲压机{MARK}"
PREFIX = "".join(chr(ord("A") + int(sign, 16)) for sign in MARK[:5])
FIELDS = (
    ("功率", "Power", "number"),
    ("出厂日期", "Made on", "date"),
    ("状态良好", "In good order", "yes_or_no"),
    ("等级", "Grade", "choice"),
    ("保养人", "Looked after by", "person"),
)
MACHINES = 10


class TestOwnObject:
    """Steps of one story; a later one stands on what an earlier one did."""

    kept: dict[str, str] = {}

    def test_1_root_defines_equipment_and_its_fields(self, people, guanxi: System):
        root, client = people("root"), guanxi.client("root")
        root.go("/administration")
        root.follow(root.page.locator(".admin-card", has_text="自定义对象"))
        root.look(on_phone=True)
        root.go("/organization/own_object/new")
        root.page.fill("#f-name", KIND)
        root.page.fill("#f-name_en", f"Machine {MARK}")
        root.page.fill("#f-plural_en", f"Machines {MARK}")
        root.page.fill("#f-code", LIST.partition("object_")[2])
        root.page.locator("label:has(> input[value=engine])").click()
        root.page.check("#f-has_customer")
        root.page.fill("#f-number_prefix", PREFIX.lower())
        root.look(on_phone=True)
        root.save()
        self.kept["object"] = root.page.url
        root.sees("归档时", ".own-object-use")
        root.look(on_phone=True)
        for name, name_en, kind in FIELDS:
            root.go(self.kept["object"])
            root.follow(root.page.get_by_role("link", name="新建字段"))
            root.page.fill("#f-name", name)
            root.page.fill("#f-name_en", name_en)
            root.page.select_option("#f-kind", kind)
            root.page.check("#f-is_in_list")
            root.save()
            if kind == "choice":
                for choice in ("甲级", "乙级"):
                    field = root.page.url
                    root.follow(root.page.locator(".related header a.btn-quiet").first)
                    root.page.fill("#f-name", choice)
                    root.save()
                    root.go(field)
        wait_for("customer to know the kind", lambda: client.ask("GET", f"{LIST}.json").status_code == 200)
        root.menu(KIND)
        root.look(on_phone=True)

    def test_2_alice_writes_one_down_at_a_customer(self, people, guanxi: System):
        alice = people("alice")
        client = guanxi.client("alice")
        form = f"{LIST}/new"
        wait_for("the kind and its fields", lambda: "own_looked_after_by" in client.ask("GET", form).text)
        firm = client.post("/customer/customer", name=FIRM)["row"]
        self.kept["firm"] = f"/customer/customer/{firm['id']}"
        alice.go(self.kept["firm"])
        alice.look()
        alice.follow(alice.page.locator(".related", has_text=KIND).locator("header a.btn-quiet"))
        alice.look(on_phone=True)
        alice.page.fill("#f-name", PRESS)
        alice.page.fill("#f-own_power", "7.5")
        alice.save()
        expect(alice.page.locator(".related", has_text=KIND)).to_contain_text(PRESS)
        alice.look(on_phone=True)
        alice.follow(alice.page.get_by_role("link", name=PRESS))
        alice.sees(f"{PREFIX}-HQ-", ".crumbs")
        alice.sees("7.5", ".record-fields")
        alice.page.locator("#remarks textarea").fill("要大修了")
        alice.page.locator("#remarks").get_by_role("button", name="点评").click()
        expect(alice.page.locator("#remarks .remark")).to_have_count(1)
        alice.look(on_phone=True)

    def test_3_alices_manager_brings_ten_from_a_file(self, people, tmp_path: Path):
        bob = people("bob")
        bob.menu(KIND)
        bob.page.locator(".page-actions [data-bs-toggle]").click()
        bob.follow(bob.page.locator(".page-actions").get_by_role("link", name="导入文件"))
        file = tmp_path / "设备.xlsx"
        rows = [(f"机床{MARK}-{n}", FIRM, n, "甲级") for n in range(MACHINES)]
        file.write_bytes(spreadsheet(("名称", "客户", "功率", "等级"), *rows))
        with bob.page.expect_navigation():
            bob.page.set_input_files("#file", file)
        bob.look()
        bob.save()
        expect(bob.page.locator("#job .badge-state")).to_have_text("已检查")
        bob.follow(bob.page.get_by_role("button", name=f"导入 {MACHINES} 行"))
        expect(bob.page.locator("#job .badge-state")).to_have_text("已完成")
        bob.go(LIST)
        expect(bob.page.locator("#rows tr[data-row]")).to_have_count(MACHINES + 1)
        bob.look(on_phone=True)

    def test_4_it_is_there_in_english_too(self, people):
        bob = people("bob", "English")
        bob.menu(f"Machines {MARK}")
        bob.sees("Looked after by")
        bob.look(on_phone=True)
        bob.follow(bob.page.get_by_role("link", name=PRESS, exact=True))
        bob.look(on_phone=True)

    def test_5_carol_of_another_department_sees_none(self, people, guanxi: System):
        carol, client = people("carol"), guanxi.client("carol")
        carol.go(LIST)
        expect(carol.page.locator("#rows tr[data-row]")).to_have_count(0)
        carol.look()
        id = guanxi.client("alice").rows(LIST.strip("/"), q=PRESS)[0]["id"]
        assert client.ask("GET", f"{LIST}/{id}.json").status_code == 404
        assert client.get("/search", q=PRESS)["found"] == {}

    def test_6_root_deletes_it_and_brings_it_back(self, people, guanxi: System):
        root, alice = people("root"), guanxi.client("alice")
        root.go(self.kept["object"])
        for part in (f"{MACHINES + 1} 条记录", "5 个字段", "8 个角色"):
            root.sees(part, ".own-object-parts")
        root.look()
        object = f"/organization/own_object/{self.kept['object'].rpartition('/')[2]}"
        guanxi.client("root").post(f"{object}/archive")
        wait_for("it to be gone", lambda: alice.ask("GET", f"{LIST}.json").status_code == 404)
        assert KIND not in alice.page(self.kept["firm"])
        assert alice.get("/search", q=PRESS)["found"] == {}
        role = guanxi.client("root").one("organization/role", code="rep")
        told = guanxi.client("root").page(f"/organization/role/{role['id']}")
        assert LIST.rpartition("/")[2] not in told
        root.go(object)
        root.look()
        guanxi.client("root").post(f"{object}/restore")
        wait_for("it to be back", lambda: alice.ask("GET", f"{LIST}.json").status_code == 200)
        assert len(guanxi.client("bob").rows(LIST.strip("/"))) == MACHINES + 1
        guanxi.client("root").post(f"{object}/archive")
