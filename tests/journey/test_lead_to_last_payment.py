"""From an imported prospect to the last payment, and everybody who has a part in it: the main job, told in order.

LED-05, LED-06, PRM-01, PRM-03, ACT-01–04, STF-01–03, STF-07, OPP-01, STG-01–03, QUO-01/02, CTR-01/02/05, RCV-01–06,
CUS-03, CUS-20, NTF-01, SVC-01/03/04/06, KNW-02/03, DAT-03/04/05/09.
"""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from tests.journey.system import Client, System, wait_for

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
"""The day it is at the branch, which is another one than here for eight hours a day."""
FIRM = f"上海泰微电子{uuid4().hex[:6]}有限公司"


def choice(client: Client, list_: str, code: str) -> str:
    """The id of an entry of the base data."""
    return client.one("organization/choice", **{"list": list_, "code": code})["id"]


def spreadsheet(*rows: tuple) -> bytes:
    """An xlsx file with these rows."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return data.getvalue()


def import_file(client: Client, entity: str, name: str, data: bytes) -> dict:
    """Upload, let it be checked, run it; the job as it stands at its end."""
    sent = client.ask("POST", f"/{entity}/import", files={"file": (name, data)})
    assert sent.status_code in (200, 201, 202), sent.text[:500]
    job = f"/{entity}/import/{sent.json()['id']}"
    wait_for("the check of the file", lambda: client.get(job)["state"] == "checked", 60)
    client.post(f"{job}/run")
    return wait_for("the import", lambda: (j := client.get(job))["state"] == "done" and j, 120)


class TestTheStory:
    """Steps of one story; a later one stands on what an earlier one did."""

    kept: dict[str, str] = {}

    def test_1_an_administrator_imports_prospects_and_former_customers(self, guanxi: System):
        root, alice = guanxi.client("root"), guanxi.client("alice")
        job = import_file(
            root, "customer/lead", "线索.xlsx",
            spreadsheet(
                ("公司名称", "联系人", "手机", "线索来源", "行业", "预计金额", "负责人"),
                (FIRM, "王建国", "13800138000", "上门拜访", "工业制造", "１２0,000.00", alice.actor["name"]),
                (f"{FIRM}二厂", "李娜", "13900139000", "电话咨询", "商业贸易", 50000, alice.actor["name"]),
                ("坏行公司", "赵", "13700137000", "没有的来源", "工业制造", "-1", alice.actor["name"]),
            ),
        )  # fmt: skip
        assert (job["good"], job["bad"]) == (2, 1)
        bad = root.ask("GET", f"/customer/lead/import/{job['id']}/bad-rows.csv").content.decode("utf-8-sig")
        assert "坏行公司" in bad
        assert FIRM not in bad
        old = f"老客户{FIRM}"
        csv = (
            "客户名称,税号,合同编号,合同名称,合同金额,签订日期,已收金额,结案日期,负责人\n"
            f'{old},91310000MA1K000001,OLD-1,旧系统合同,"88,000.00",2025/3/1,88000,2025-04-01,{alice.actor["name"]}\n'
        )
        job = import_file(root, "customer/customer", "customers.csv", csv.encode("gb18030"))
        assert (job["good"], job["bad"]) == (1, 0)
        customer = root.one("customer/customer", q=old)
        contract = wait_for(
            "the former contract", lambda: root.rows("receivables/contract", customer_id=customer["id"])
        )[0]
        assert (contract["amount"], contract["signed_on"]) == ("88000.00", "2025-03-01")
        owed = wait_for(
            "its receivable", lambda: root.rows("receivables/receivable", contract_id=contract["id"])
        )[0]
        assert (owed["remaining"], owed["state"]) == ("0.00", "settled"), job

    def test_2_leads_are_seen_by_their_rep_and_her_manager_and_by_no_other_branch(self, guanxi: System):
        alice, bob, carol = (guanxi.client(name) for name in ("alice", "bob", "carol"))
        lead = alice.one("customer/lead", q=FIRM, mobile="13800138000")
        self.kept["lead"] = lead["id"]
        assert bob.get(f"/customer/lead/{lead['id']}")["row"]["name"] == FIRM
        assert carol.rows("customer/lead", q=FIRM) == []
        assert carol.ask("GET", f"/customer/lead/{lead['id']}").status_code == 404
        visit = choice(alice, "activity_kind", "first_visit")
        alice.post(
            "/customer/do/log_activity", kind_id=visit, subject="首次拜访", text="了解需求", lead_id=lead["id"],
            next_subject="发产品资料", next_at=f"{TODAY + timedelta(days=1)}T10:00:00+08:00",
        )  # fmt: skip
        assert alice.get(f"/customer/lead/{lead['id']}")["row"]["next_step_on"] == str(
            TODAY + timedelta(days=1)
        )
        activity = alice.rows("customer/activity", lead_id=lead["id"], state="done")[0]
        bob.post(
            "/customer/do/add_comment",
            about="customer.activity",
            record_id=activity["id"],
            text="下次带上工程师",
        )
        seen = alice.rows("customer/comment", record_id=activity["id"])
        assert [c["text"] for c in seen] == ["下次带上工程师"]
        week = alice.get(
            "/customer/ask/calendar",
            **{"from": f"{TODAY}T00:00:00+08:00", "to": f"{TODAY + timedelta(days=7)}T00:00:00+08:00"},
        )
        assert "发产品资料" in {a["subject"] for a in week["entries"]}

    def test_3_the_lead_becomes_customer_contact_and_opportunity_with_its_trail(self, guanxi: System):
        alice = guanxi.client("alice")
        lead = self.kept["lead"]
        alice.post(
            f"/customer/lead/{lead}/convert", expected_on=str(TODAY + timedelta(days=30)), key="convert"
        )
        alice.post(
            f"/customer/lead/{lead}/convert", expected_on=str(TODAY + timedelta(days=30)), key="convert"
        )
        row = alice.get(f"/customer/lead/{lead}")["row"]
        self.kept["customer"], self.kept["opportunity"] = row["customer_id"], row["opportunity_id"]
        contact = alice.one("customer/contact", customer_id=row["customer_id"])
        assert (contact["name"], contact["mobile"]) == ("王建国", "13800138000")
        opportunity = wait_for(
            "the opportunity", lambda: alice.rows("sales/opportunity", customer_id=row["customer_id"])
        )[0]
        assert (opportunity["id"], opportunity["expected_amount"]) == (row["opportunity_id"], "120000.00")
        trail = alice.rows("customer/activity", customer_id=row["customer_id"])
        assert {a["subject"] for a in trail} >= {"首次拜访", "发产品资料"}

    def test_4_the_opportunity_moves_and_the_forecast_follows(self, guanxi: System):
        alice, bob = guanxi.client("alice"), guanxi.client("bob")
        stages = alice.rows("sales/stage", sort="position")
        span = {"from_on": str(TODAY), "to_on": str(TODAY + timedelta(days=60))}
        before = Decimal(str(bob.get("/sales/ask/forecast", **span)["weighted"]))
        opportunity = alice.get(f"/sales/opportunity/{self.kept['opportunity']}")["row"]
        first, next_ = stages[0], stages[2]
        assert opportunity["stage_id"] == first["id"]
        alice.post(
            f"/sales/opportunity/{opportunity['id']}/move", stage_id=next_["id"], ver=opportunity["ver"]
        )
        after = Decimal(str(bob.get("/sales/ask/forecast", **span)["weighted"]))
        gain = (Decimal(next_["success_rate"]) - Decimal(first["success_rate"])) / 100 * Decimal("120000")
        assert after - before == gain
        board = alice.get("/sales/ask/board")
        assert any(card["id"] == opportunity["id"] for column in board["columns"] for card in column["cards"])

    def test_5_a_quote_is_made_approved_sent_and_accepted(self, guanxi: System):
        alice, bob = guanxi.client("alice"), guanxi.client("bob")
        product = alice.rows("sales/product", limit=1)[0]
        quote = alice.post(
            "/sales/quote", name="首次报价", opportunity_id=self.kept["opportunity"], valid_until=str(TODAY + timedelta(days=30)),
            lines=[{"product_id": product["id"], "description": "设备", "quantity": 3, "unit_price": "40000.00"}],
        )["row"]  # fmt: skip
        assert quote["amount"] == "120000.00"
        path = f"/sales/quote/{quote['id']}"
        assert alice.ask("POST", f"{path}/send", json={}).status_code in (403, 409)
        alice.post(f"{path}/submit")
        assert alice.ask("POST", f"{path}/approve", json={}).status_code in (403, 409)
        bob.post(f"{path}/approve", note="同意")
        alice.post(f"{path}/send")
        alice.post(f"{path}/accept")
        self.kept["quote"] = quote["id"]

    def test_6_won_and_the_contract_is_drafted_approved_and_signed(self, guanxi: System):
        alice, bob, dan = (guanxi.client(name) for name in ("alice", "bob", "dan"))
        opportunity = f"/sales/opportunity/{self.kept['opportunity']}"
        alice.post(f"{opportunity}/win", key="win")
        assert alice.get(opportunity)["row"]["state"] == "won"
        contract = wait_for(
            "the draft of the contract",
            lambda: alice.rows("receivables/contract", opportunity_id=self.kept["opportunity"]),
        )[0]
        self.kept["contract"] = contract["id"]
        path = f"/receivables/contract/{contract['id']}"
        assert contract["amount"] == "120000.00"
        alice.patch(
            path,
            instalments=[
                {"due_on": str(TODAY - timedelta(days=1)), "amount": "40000.00"},
                {"due_on": str(TODAY + timedelta(days=30)), "amount": "80000.00"},
            ],
        )
        alice.post(f"{path}/submit")
        bob.post(f"{path}/approve")
        for _ in range(2):
            alice.post(f"{path}/sign", signed_on=str(TODAY - timedelta(days=2)), key="sign")
        owed = alice.one("receivables/receivable", contract_id=contract["id"])
        assert (owed["amount"], owed["remaining"], owed["state"]) == ("120000.00", "120000.00", "open")
        parts = dan.rows("receivables/instalment", receivable_id=owed["id"], sort="due_on")
        assert [p["amount"] for p in parts] == ["40000.00", "80000.00"]
        self.kept["receivable"] = owed["id"]
        wait_for(
            "the hand-over to service",
            lambda: (
                bob.rows("service_desk/deal_handover", contract_id=contract["id"])
                or guanxi.client("grace").rows("service_desk/deal_handover", contract_id=contract["id"])
            ),
        )

    def test_7_what_fell_due_is_pressed_by_one_mail(self, guanxi: System):
        alice, dan = guanxi.client("alice"), guanxi.client("dan")
        for n in range(3):
            dan.post("/receivables/do/run_chase_overdue", key=f"chase-{n}")
        owed = wait_for(
            "the overdue amount",
            lambda: (
                (r := alice.get(f"/receivables/receivable/{self.kept['receivable']}")["row"])[
                    "overdue_amount"
                ]
                == "40000.00"
                and r
            ),
        )
        number = alice.get(f"/receivables/contract/{self.kept['contract']}")["row"]["number"]
        address = alice.actor.get("email") or alice.one("organization/staff", login="alice")["email"]

        def pressed():
            return [
                mail
                for mail in guanxi.mails(address)
                if number in str(mail["subject"]) + mail.get_body().get_content()
                and "40,000" in mail.get_body().get_content()
            ]

        mails = wait_for("the mail about what fell due", pressed, 30)
        assert len(mails) == 1
        assert guanxi.url in mails[0].get_body().get_content()
        assert owed["state"] == "open"
        mine = dan.get("/receivables/ask/per_rep")
        assert any(
            Decimal(r["overdue_amount"]) >= 40000 for r in mine["rows"] if r["owner_id"] == alice.actor["id"]
        )

    def test_8_the_accountant_records_payments_until_nothing_is_owed(self, guanxi: System):
        dan, alice = guanxi.client("dan"), guanxi.client("alice")
        path = f"/receivables/receivable/{self.kept['receivable']}"
        assert alice.ask("POST", f"{path}/pay", json={"amount": "1"}).status_code == 403
        for bad, code in (("-1", "too_small"), ("1e309", "not_a_number"), ("NaN", "not_a_number")):
            answer = dan.ask("POST", f"{path}/pay", json={"amount": bad})
            assert answer.status_code == 422, answer.text
            assert [(f["field"], f["code"]) for f in answer.json()["fields"]] == [("amount", code)]
        for _ in range(2):
            dan.post(f"{path}/pay", amount="１,234.50", key="first")
        assert dan.get(path)["row"]["remaining"] == "118765.50"
        assert dan.ask("POST", f"{path}/pay", json={"amount": "118765.51"}).status_code == 409
        dan.post(f"{path}/pay", amount="118765.50", key="last")
        row = dan.get(path)["row"]
        assert (row["remaining"], row["state"], row["overdue_amount"]) == ("0.00", "settled", "0.00")
        assert dan.rows("receivables/receivable", contract_id=self.kept["contract"], state="open") == []
        assert (
            sum(
                Decimal(p["amount"])
                for p in dan.rows("receivables/payment", receivable_id=self.kept["receivable"])
            )
            == 120000
        )

    def test_9_the_customer_calls_and_is_served(self, guanxi: System):
        gm, alice = guanxi.client("grace"), guanxi.client("alice")
        engineer = guanxi.client("frank")
        product = engineer.rows("sales/product", limit=1)[0]
        problem = engineer.rows("service_desk/problem", limit=1)[0]
        ticket = engineer.post(
            "/service_desk/ticket", subject="设备不启动", text="上电后无反应", customer_id=self.kept["customer"],
            channel="phone", kind="complaint", product_id=product["id"], problem_id=problem["id"], named_staff_id=alice.actor["id"],
        )["row"]  # fmt: skip
        path = f"/service_desk/ticket/{ticket['id']}"
        engineer.post(f"{path}/assign", owner_id=engineer.actor["id"])
        engineer.post(f"{path}/answer", text="请检查电源开关")
        engineer.post(f"{path}/close")
        engineer.post(f"{path}/rate", rating=4)
        span = {"from": str(TODAY), "to": str(TODAY)}

        def counted():
            rows = gm.get("/reporting/ask/staff_figures", **span)["rows"]
            return [r for r in rows if r["staff_id"] == alice.actor["id"] and r["complaints"] >= 1]

        wait_for("the complaint to count for the person it names", counted)
        article = engineer.post(
            "/service_desk/article", name="设备不启动的处理", body="先检查电源，再检查保险丝。"
        )["row"]
        engineer.post(f"/service_desk/article/{article['id']}/publish")
        assert article["id"] in {a["id"] for a in alice.rows("service_desk/article", q="保险")}

    def test_10_the_customers_page_shows_all_of_it(self, guanxi: System):
        alice = guanxi.client("alice")

        def whole():
            file = alice.get(f"/customer/customer/{self.kept['customer']}/file")
            kinds = {entry["entity"] for entry in file["timeline"]}
            return kinds >= {
                "customer.activity", "sales.quote", "receivables.contract", "receivables.payment", "service_desk.ticket",
            } and file  # fmt: skip

        assert wait_for("five services on one timeline", whole)["missing"] == []

    def test_11_the_manager_sees_his_peoples_figures(self, guanxi: System):
        alice, bob, carol = (guanxi.client(name) for name in ("alice", "bob", "carol"))
        span = {"from": str(TODAY - timedelta(days=3)), "to": str(TODAY)}

        def figures():
            rows = {r["staff_id"]: r for r in bob.get("/reporting/ask/staff_figures", **span)["rows"]}
            hers = rows.get(alice.actor["id"])
            return (
                hers
                and Decimal(hers["payments_amount"]) >= 120000
                and Decimal(hers["contracts_amount"]) >= 120000
                and rows
            )

        rows = wait_for("the figures", figures)
        assert carol.actor["id"] not in rows

    def test_12_all_of_it_is_in_the_description_for_programs(self, guanxi: System):
        """Whoever writes a program for the main job finds every request of it in /openapi.json (users 20)."""
        people = [guanxi.client(name) for name in PEOPLE]
        paths = people[0].get("/openapi.json")["paths"]
        told = {
            (method.upper(), re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
            for path, methods in paths.items()
            for method in methods
        }
        asked = {(method, path.partition("?")[0]) for person in people for method, path in person.asked}
        assert len(asked) > 30
        assert [
            one for one in sorted(asked)
            if not any(one[0] == method and re.fullmatch(pattern, one[1]) for method, pattern in told)
        ] == []  # fmt: skip


PEOPLE = ("root", "alice", "bob", "carol", "dan")


@pytest.fixture(scope="class", autouse=True)
def story(guanxi: System):
    """The steps share what they made; what was asked before them is none of it."""
    TestTheStory.kept = {}
    for name in PEOPLE:
        guanxi.client(name).asked.clear()
