"""What customers asked of the service desk, how it ended, and what colleagues wrote down for each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from contracts.organization import choice_id

from .asking import Desk, demo_id
from .customers import of_reps
from .people import of_role, staff_id

TICKETS = 70
CASES = (
    ("repair", "示波器无法开机", "昨天还正常，今早按电源没有反应。", "更换电源模块，测试正常。"),
    ("repair", "测量结果漂移", "同一工件两次测量相差明显。", "现场重新校准，更换了探头。"),
    ("repair", "试验箱温度上不去", "设定 85 度，只到 60 度。", "加热丝断路，已更换。"),
    ("request", "申请安装调试", "新到两台设备，希望下周安装。", "已安装并培训操作人员。"),
    ("request", "软件升级", "希望升级到最新版本。", "远程升级完成。"),
    ("request", "计量校准", "证书下月到期，请安排校准。", "已校准，证书随寄。"),
    ("enquiry", "询问保修期", "设备去年三月购买，还在保修期吗？", "已答复，保修期两年。"),
    ("enquiry", "采集软件如何导出数据", "想导出到表格里。", "已发送操作说明。"),
    ("complaint", "维修拖延", "报修三天没有人来。", "已致歉并当天上门。"),
    ("praise", "感谢工程师", "工程师态度好，讲解细致。", "已转达。"),
)
CHANNELS = ("phone", "phone", "phone", "email", "web", "visit", "mobile", "fax")
ARTICLES = (
    (
        "faq",
        "示波器开不了机怎么办",
        "先检查电源线与保险丝；按住电源键五秒复位；仍无反应请报修，并记下序列号。",
    ),
    ("faq", "怎样看设备还在不在保修期", "保修期从验收日起两年。合同的执行步骤里有验收日。"),
    ("faq", "数据采集软件怎样导出表格", "文件菜单选「导出」，格式选 XLSX；每次最多一百万行。"),
    ("tip", "上门前的五分钟准备", "看一遍客户的时间线；带上同型号探头；确认联系人在场。"),
    ("tip", "报价被压价时怎么谈", "先谈总拥有成本，再谈付款方式，最后才谈折扣；让步要换回条件。"),
    ("tip", "如何找到真正的决策人", "问三个问题：谁提需求，谁批预算，谁签字。把角色记在联系人上。"),
    ("company_rule", "投诉处理规定", "投诉两小时内答复，当天指定负责人，三日内给出结果。"),
    ("company_rule", "合同审批权限", "合同由直接上级审批；折扣超过百分之十须总经理同意。"),
    ("product", "数字示波器与混合信号示波器的区别", "混合信号示波器另有十六路数字通道，适合调试总线。"),
    ("product", "三维光学扫描仪的使用环境", "避免强光与振动；温度二十度上下两度；开机预热十五分钟。"),
    ("industry", "汽车零部件行业的检测要求", "关键尺寸要做过程能力分析；测量系统须有校准证书。"),
    ("industry", "环境试验的常用标准", "高低温、湿热、振动各有国家标准，报价前请客户写明标准号。"),
)


def load(desk: Desk, today: date) -> None:
    """Tickets of the last weeks in every state, and published articles."""
    dice = Random(2005)
    tickets = list(_tickets(dice, desk, today))
    desk.wait_known("service_desk", "customer.customer", {t["values"]["customer_id"] for t in tickets})
    desk.all(
        (
            t["taken_by"], "service_desk", "create",
            {"entity": "ticket", "id": t["id"], "values": t["values"]}, f"ticket/{t['id']}",
        )
        for t in tickets
    )  # fmt: skip
    _go_on(desk, tickets, "assign_ticket", 1, lambda t: {"owner_id": staff_id(t["engineer"])})
    _go_on(desk, tickets, "answer_ticket", 2, lambda t: {"text": "您好，已收到，正在处理。"})
    _go_on(desk, tickets, "close_ticket", 3, lambda t: {"solution": t["solution"]})
    _go_on(desk, tickets, "rate_ticket", 4, lambda t: {"rating": t["rating"]})
    handed = sorted(
        desk.rows("service_desk.deal_handover", "wanghai"), key=lambda row: row["contract_number"]
    )
    desk.all(
        (
            "wanghai", "service_desk", "accept_deal_handover",
            {"id": row["id"], "to_id": staff_id(dice.choice(of_role("service_engineer", "HQ")))}, f"accept/{row['id']}",
        )
        for row in handed[::2]
    )  # fmt: skip
    desk.create(
        "wanghai",
        "service_desk.article",
        {
            demo_id("article", name): {
                "name": name, "body": body, "category_id": choice_id("article_category", category),  # type: ignore[arg-type]
            }
            for category, name, body in ARTICLES
        },
    )  # fmt: skip
    desk.all(
        ("wanghai", "service_desk", "publish_article", {"id": demo_id("article", name)}, f"publish/{name}")
        for _, name, _ in ARTICLES[:-1]
    )


def _tickets(dice: Random, desk: Desk, today: date) -> Any:
    customers = of_reps(desk, "customer.customer", today)
    products = desk.rows("sales.product")
    now = datetime.now(UTC)
    for number in range(TICKETS):
        branch = "SH" if number % 6 == 5 else "HQ"
        kind, subject, text, solution = CASES[number % len(CASES)]
        engineer = dice.choice(of_role("service_engineer", branch))
        far = dice.choices((0, 1, 2, 3, 4), (8, 14, 14, 24, 40))[0]
        age = timedelta(hours=dice.randint(1, 40) if far < 3 else dice.randint(60, 900))
        values = {
            "subject": subject, "text": text, "kind": kind, "channel": dice.choice(CHANNELS),
            "priority": dice.choices(("low", "normal", "high", "urgent"), (10, 60, 25, 5))[0],
            "customer_id": dice.choice(customers(dice.choice(of_role("rep", branch))))["id"],
            "opened_at": now - age,
        }  # fmt: skip
        if kind in ("repair", "request"):
            values["product_id"] = dice.choice(products)["id"]
        if kind in ("complaint", "praise"):
            values["named_staff_id"] = staff_id(engineer)
        rating = dice.choice((1, 2)) if kind == "complaint" else dice.choices((3, 4, 5), (15, 45, 40))[0]
        yield {
            "id": demo_id("ticket", str(number)), "values": values, "far": far, "engineer": engineer,
            "taken_by": "yuanfang" if branch == "HQ" else engineer, "solution": solution, "rating": rating,
        }  # fmt: skip


def _go_on(desk: Desk, tickets: list[dict[str, Any]], verb: str, far: int, more: Any) -> None:
    by = "taken_by" if verb == "assign_ticket" else "engineer"
    desk.all(
        (t[by], "service_desk", verb, {"id": t["id"], **more(t)}, f"{verb}/{t['id']}")
        for t in tickets
        if t["far"] >= far
    )
