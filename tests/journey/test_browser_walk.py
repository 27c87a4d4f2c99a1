"""The main job walked in a browser: from an imported list to the last payment, by buttons, dialogs and forms only.

LED-05, LED-06, ACT-01–04, OPP-01, STG-01, QUO-01/02, CTR-01/02/05, RCV-01–05, NTF-01, SVC-01/03/04/06, KNW-02/03,
CUS-03, CUS-20, STF-01–03, DAT-03, DAT-04/05.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journey.system import System, wait_for
from tests.journey.test_lead_to_last_payment import spreadsheet

NOW = datetime.now(ZoneInfo("Asia/Shanghai"))
MARK = uuid4().hex[:6]
FIRM = f"宁波海精{MARK}仪器有限公司"
PROJECT = f"海精{MARK}三坐标测量"
ROWS = 40
TITLES = ("公司名称", "联系人", "手机", "线索来源", "预计金额", "负责人")


def day(distance: int) -> str:
    """A day as date fields take it, counted from today."""
    return f"{NOW + timedelta(days=distance):%Y-%m-%d}"


class TestTheWalk:
    """Steps of one story; a later one stands on what an earlier one did."""

    kept: dict[str, str] = {}

    def test_1_the_administrator_imports_a_list_with_bad_rows(self, people, tmp_path: Path):
        root = people("root")
        root.menu("线索")
        root.page.locator(".page-actions [data-bs-toggle]").click()
        root.follow(root.page.get_by_role("link", name="导入文件"))
        root.look()
        file = tmp_path / "准客户.xlsx"
        file.write_bytes(spreadsheet(TITLES, *(_row(n) for n in range(ROWS)), ("", "无名", "", "", "-1", "")))
        with root.page.expect_navigation():
            root.page.set_input_files("#file", file)
        root.sees("公司名称")
        root.look()
        root.save()
        expect(root.page.locator("#job .badge-state")).to_have_text("已检查")
        root.sees(f"导入 {ROWS} 行", "#job")
        root.sees("不能小于 0", "#job .lines-table")
        root.look()
        with root.page.expect_download() as bad_rows:
            root.page.get_by_role("link", name="下载未通过的行").click()
        assert bad_rows.value.suggested_filename.endswith(".xlsx")
        root.follow(root.page.get_by_role("button", name=f"导入 {ROWS} 行"))
        expect(root.page.locator("#job .badge-state")).to_have_text("已完成")
        root.look()

    def test_2_a_rep_finds_her_lead_and_logs_a_visit(self, people):
        alice = people("alice")
        alice.look(on_phone=True)
        alice.menu("线索")
        alice.page.fill("#list-q", FIRM)
        expect(alice.page.locator("#rows tr[data-row]")).to_have_count(ROWS)
        alice.look(on_phone=True)
        alice.follow(alice.page.get_by_role("link", name=FIRM, exact=True))
        alice.look()
        alice.page.get_by_role("link", name="记录拜访或电话").click()
        alice.dialog()
        alice.choose("kind_id", "首次拜访")
        alice.page.fill("#f-subject", "看了车间")
        alice.page.fill("#f-outcome", "需要三坐标测量机")
        alice.page.fill("#f-next_subject", "送方案")
        alice.page.fill("#f-next_at", f"{day(0)}T20:00")
        alice.look()
        alice.send()
        alice.sees("看了车间", ".timeline")
        alice.sees("送方案", ".timeline")
        alice.state("跟进中")
        alice.look(on_phone=True)
        alice.menu("日程")
        expect(alice.page.locator(".fc-event", has_text="送方案").filter(has_text=FIRM)).to_be_visible()
        alice.look(on_phone=True)

    def test_3_her_manager_remarks_on_it_in_english_and_she_reads_it(self, people):
        bob, alice = people("bob", "English"), people("alice")
        bob.look(on_phone=True)
        bob.menu("Leads")
        bob.page.fill("#list-q", FIRM)
        bob.follow(bob.page.get_by_role("link", name=FIRM, exact=True))
        bob.follow(bob.page.get_by_role("link", name="看了车间", exact=True))
        bob.page.locator("#remarks textarea").fill("Take an engineer along next time")
        bob.page.locator("#remarks").get_by_role("button", name="Comment").click()
        expect(bob.page.locator("#remarks .remark")).to_have_count(1)
        bob.look()
        alice.menu("我的一天")
        alice.sees("Take an engineer along next time", ".desk")
        alice.look()

    def test_4_she_makes_it_a_customer_with_an_opportunity(self, people):
        alice = people("alice")
        alice.menu("线索")
        alice.page.fill("#list-q", FIRM)
        alice.follow(alice.page.get_by_role("link", name=FIRM, exact=True))
        alice.page.locator(".page-actions a.btn", has_text="转为客户").click()
        dialog = alice.dialog()
        dialog.locator("#f-opportunity_name").fill(PROJECT)
        expect(dialog.locator("#f-customer_id-list")).to_be_hidden()
        dialog.locator("#f-expected_on").fill(day(30))
        alice.look(on_phone=True)
        alice.send()
        alice.state("已转化")
        alice.button("客户")
        alice.sees(FIRM, "h1")
        alice.sees("王建国", ".record-aside")
        alice.look()
        self.kept["customer"] = alice.page.url

    def test_5_she_moves_its_card_on_the_board(self, people):
        alice = people("alice")
        alice.menu("机会看板")
        columns = alice.page.locator(".board-column")
        card = alice.page.locator(".board-card", has_text=PROJECT)
        expect(columns.nth(0).locator(card)).to_be_visible()
        alice.look(on_phone=True)
        alice.page.get_by_role("searchbox", name="在看板中搜索").fill(PROJECT)
        expect(alice.page.locator(".board-card")).to_have_count(1)
        alice.drag(card, columns.nth(2).locator("ul"))
        expect(columns.nth(2).locator(card)).to_be_visible()
        expect(alice.page.locator(".board-card")).to_have_count(1)
        card.locator(".board-move").click()
        alice.dialog()
        alice.choose("stage_id", "报价")
        alice.send()
        expect(columns.nth(3).locator(card)).to_be_visible()
        alice.look()
        alice.follow(card.locator(".board-name"))
        alice.sees("报价", ".figures")
        alice.look()

    def test_6_she_quotes_and_submits(self, people):
        alice = people("alice")
        alice.button("新建报价")
        expect(alice.page.locator("#f-opportunity_id")).to_have_value(PROJECT)
        alice.page.fill("#f-valid_until", day(30))
        alice.choose("lines-0-product_id", "培训")
        alice.page.fill("#f-lines-0-quantity", "2")
        alice.page.fill("#f-lines-0-unit_price", "30,000")
        alice.page.locator("[data-add-row]").click()
        alice.page.fill("#f-lines-1-description", "上门安装")
        alice.page.fill("#f-lines-1-unit_price", "20000.00")
        alice.look()
        alice.save()
        alice.sees("¥80,000.00", ".figures")
        alice.look()
        alice.verb("提交审批")
        alice.state("待审批")

    def test_7_her_manager_approves_from_his_day(self, people):
        bob = people("bob", "English")
        bob.menu("My day")
        bob.sees("Quotes to decide on")
        bob.follow(bob.page.get_by_role("link", name=PROJECT, exact=True).first)
        bob.verb("Approve", note="Good price")
        bob.state("Approved")
        bob.look()

    def test_8_sent_accepted_won(self, people):
        alice = people("alice")
        alice.page.reload()
        alice.verb("发给客户")
        alice.state("已发送")
        alice.verb("客户接受")
        alice.state("客户已接受")
        alice.button("销售机会")
        alice.verb("赢单")
        alice.state("已赢单")
        alice.look()
        alice.button("合同")
        alice.sees("¥80,000.00", ".figures")
        alice.state("草稿")
        alice.look()

    def test_9_the_contract_is_planned_approved_and_signed(self, people):
        alice, bob = people("alice"), people("bob", "English")
        alice.verb("制定分期", parts="2", first_due_on=day(-1))
        alice.sees("¥40,000.00", "main")
        alice.verb("提交审批")
        alice.state("待审批")
        bob.menu("My day")
        bob.follow(bob.page.get_by_role("link", name=PROJECT, exact=True).first)
        bob.look()
        bob.verb("Approve")
        bob.state("Approved")
        alice.page.reload()
        alice.verb("签订", signed_on=day(-2))
        alice.state("已签订")
        self.kept["contract"] = alice.page.locator(".crumbs span").inner_text()
        alice.look(on_phone=True)
        alice.button("应收款")
        alice.sees("¥80,000.00", ".figures")
        expect(alice.page.locator(".related", has_text="分期").locator("li")).to_have_count(2)
        assert alice.page.get_by_role("link", name="登记回款").count() == 0
        self.kept["receivable"] = alice.page.url

    def test_10_the_accountant_records_a_part(self, people):
        dan = people("dan")
        dan.menu("应收款")
        dan.page.fill("#list-q", PROJECT)
        expect(dan.page.locator("#rows tr[data-row]")).to_have_count(1)
        dan.look()
        dan.follow(dan.page.locator("#rows .cell-title a"))
        dan.page.locator(".page-actions a.btn", has_text="登记回款").click()
        dan.dialog().locator("#f-amount").fill("１0,000.00")
        dan.look()
        dan.send(times=2)
        expect(dan.page.locator(".related", has_text="回款").locator("li")).to_have_count(1)
        dan.page.reload()
        expect(dan.page.locator(".related", has_text="回款").locator("li")).to_have_count(1)
        dan.sees("¥70,000.00", ".figures")
        dan.look()

    def test_11_what_fell_due_is_marked_and_told_by_one_mail(self, people, guanxi: System):
        guanxi.client("dan").post("/receivables/do/run_chase_overdue")  # as the clock does every morning
        alice = people("alice")
        alice.go(self.kept["receivable"])
        alice.sees("¥30,000.00", ".figures .is-overdue")
        alice.look(on_phone=True)
        subject = f"应收款已逾期：{self.kept['contract']}，¥30,000.00"
        mails = wait_for("the mail", lambda: [m for m in guanxi.mails("alice@") if m["subject"] == subject])
        assert len(mails) == 1
        link = re.search(rf"{guanxi.url}/[^\s\"<]+", mails[0].get_body().get_content())
        assert link
        alice.go(link[0])
        alice.sees(PROJECT)
        alice.page.locator("#bell-place button").click()
        alice.sees(subject, ".bell-menu")
        alice.look()

    def test_12_the_last_payment_settles_it(self, people):
        dan = people("dan")
        dan.verb("登记回款", amount="70000")
        dan.state("已结清")
        dan.look()
        dan.menu("应收款")
        dan.page.fill("#list-q", PROJECT)
        dan.sees("没有符合的数据", "#list")
        dan.look()

    def test_13_the_customer_complains_and_is_served(self, people):
        frank = people("frank")
        frank.page.keyboard.press("/")
        frank.page.locator("#palette input").fill(FIRM)
        found = frank.page.locator("#found [role=option]", has_text="KH-").first
        expect(found).to_be_visible()
        frank.look()
        frank.follow(found)
        frank.button("新建服务请求")
        expect(frank.page.locator("#f-customer_id")).to_have_value(FIRM)
        frank.page.fill("#f-subject", "测头不回零，来人态度差")
        frank.page.fill("#f-text", "开机后报警")
        frank.page.select_option("#f-kind", label="投诉")
        frank.choose("product_id", "培训")
        frank.choose("named_staff_id", "李爱丽")
        frank.look(on_phone=True)
        frank.save()
        frank.state("待处理")
        frank.verb("答复", text="请重新标定测头")
        frank.state("已答复")
        frank.sees("请重新标定测头", ".remark")
        frank.verb("关闭", solution="标定后测头恢复正常")
        frank.state("已关闭")
        frank.verb("记录评价", rating="4")
        frank.look()

    def test_14_what_was_learnt_is_found_by_two_characters(self, people):
        frank, alice = people("frank"), people("alice")
        frank.button("新建知识文章")
        frank.page.fill("#f-name", f"测头不回零的处理 {MARK}")
        frank.look()
        frank.save()
        frank.verb("发布")
        frank.state("已发布")
        alice.menu("知识库")
        alice.page.fill("#list-q", "标定")
        alice.follow(alice.page.get_by_role("link", name=f"测头不回零的处理 {MARK}"))
        alice.sees("标定后测头恢复正常")
        alice.look()

    def test_15_the_customers_page_tells_all_of_it(self, people):
        alice = people("alice")
        alice.go(self.kept["customer"])
        told = (
            "首次拜访", "线索转化", "阶段推进", "报价提交审批", "报价批准", "客户接受报价", "赢单", "合同提交审批", "签订合同",
            "收到回款", "应收款结清", "提出服务请求", "关闭服务请求",
        )  # fmt: skip
        for words in told:
            alice.sees(words, ".timeline")
        alice.look(on_phone=True)

    def test_16_managers_read_the_reports(self, people):
        grace, bob = people("grace"), people("bob", "English")
        for manager, menu, name, complaints in (
            (grace, "报表", "李爱丽", "投诉"),
            (bob, "Reports", "Alice", "Complaints"),
        ):
            manager.menu(menu)
            expect(manager.page.locator("[data-chart] canvas")).to_be_visible()
            hers = manager.page.locator("tr", has_text=name).filter(
                has=manager.page.locator(f"[data-label={complaints}]")
            )
            expect(hers.locator(f"[data-label={complaints}]")).not_to_have_text("0")
            manager.look(on_phone=True)

    def test_17_the_administrator_sees_that_nothing_waits(self, people):
        root = people("root")
        root.menu("系统管理")
        root.look(on_phone=True)
        root.follow(root.page.get_by_role("link", name="服务间事件"))
        root.sees("无积压")
        root.look()

    def test_18_she_goes_home(self, people):
        alice = people("alice")
        alice.sign_out()
        alice.look(on_phone=True)
        alice.go(self.kept["customer"])
        expect(alice.page.locator("#password")).to_be_visible()
        alice.sign_in()
        alice.sees(FIRM, "h1")


def _row(n: int) -> tuple:
    """A line of the list; the first is the firm of the story."""
    mobile = f"139{int(MARK, 16) % 10**6:06}{n:02}"
    return (f"{FIRM}{n or ''}", "王建国", mobile, "上门拜访", 120000 + n, "李爱丽")


@pytest.fixture(scope="class", autouse=True)
def story():
    """The steps share what they made."""
    TestTheWalk.kept = {}
