"""The people of the demo company: two branches, six departments, 28 staff and one who left last month."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from contracts.actor import Actor
from contracts.organization import role_id

from . import PASSWORD
from .asking import Desk, demo_id


class Person(NamedTuple):
    """One line of the list below."""

    login: str
    name: str
    name_en: str
    job_title: str
    department: str
    manager: str
    role: str


BRANCHES = {
    "HQ": {"code": "HQ", "name": "北京总部", "name_en": "Beijing headquarters", "is_headquarters": True},
    "SH": {"code": "SH", "name": "上海分公司", "name_en": "Shanghai branch", "is_headquarters": False},
}
DEPARTMENTS = {
    "marketing": ("HQ", "市场部", "Marketing"),
    "sales": ("HQ", "销售部", "Sales"),
    "service": ("HQ", "服务部", "Service"),
    "office": ("HQ", "行政财务部", "Administration and finance"),
    "sales_sh": ("SH", "上海销售部", "Sales, Shanghai"),
    "service_sh": ("SH", "上海服务部", "Service, Shanghai"),
}
STAFF = [
    Person(*line.split())
    for line in """
    grace      顾瑞思  Grace-Gu       总经理        -           -       general_manager
    shenmu     沈牧    Shen-Mu        市场部经理    marketing   grace   marketing
    qiaoyue    乔悦    Qiao-Yue       市场专员      marketing   shenmu  marketing
    pengfei    彭飞    Peng-Fei       市场专员      marketing   shenmu  marketing
    bob        白博文  Bob-Bai        销售部经理    sales       grace   sales_manager
    alice      李爱丽  Alice-Li       销售代表      sales       bob     rep
    zhaolei    赵磊    Zhao-Lei       销售代表      sales       bob     rep
    sunting    孙婷    Sun-Ting       销售代表      sales       bob     rep
    mahao      马浩    Ma-Hao         销售代表      sales       bob     rep
    xuxin      许欣    Xu-Xin         销售代表      sales       bob     rep
    guojing    郭静    Guo-Jing       大客户代表    sales       bob     rep
    hejun      何军    He-Jun         销售代表      sales       bob     rep
    wanghai    王海    Wang-Hai       服务部经理    service     grace   service_manager
    frank      方锐    Frank-Fang     服务工程师    service     wanghai service_engineer
    linna      林娜    Lin-Na         服务工程师    service     wanghai service_engineer
    duyong     杜勇    Du-Yong        服务工程师    service     wanghai service_engineer
    caiming    蔡明    Cai-Ming       服务工程师    service     wanghai service_engineer
    yuanfang   袁芳    Yuan-Fang      客服专员      service     wanghai service_engineer
    panwei     潘伟    Pan-Wei        服务工程师    service     wanghai service_engineer
    dan        丁丹    Dan-Ding       会计          office      grace   accountant
    jiangli    江莉    Jiang-Li       出纳          office      dan     accountant
    root       罗特    Root-Luo       系统管理员    office      grace   administrator
    henry      韩瑞    Henry-Han      上海分公司经理 sales_sh   grace   sales_manager
    carol      陈佳瑞  Carol-Chen     销售代表      sales_sh    henry   rep
    luying     陆英    Lu-Ying        销售代表      sales_sh    henry   rep
    shibin     施斌    Shi-Bin        销售代表      sales_sh    henry   rep
    taoyi      陶毅    Tao-Yi         服务工程师    service_sh  henry   service_engineer
    fanrong    范蓉    Fan-Rong       服务工程师    service_sh  henry   service_engineer
    eve        叶薇    Eve-Ye         销售代表      sales       bob     rep
    """.strip().splitlines()
]
"""Login, name, name in English, job title, department, superior, role; whoever stands above others comes first."""
LEFT = "eve"
BUSY = ("rep", "sales_manager", "service_engineer", "service_manager", "accountant", "administrator")
"""Roles of those in whose names the demo data is entered."""
READS_ENGLISH = ("carol",)


def staff_id(login: str) -> UUID:
    return demo_id("staff", login)


def of_role(role: str, branch: str) -> list[str]:
    """Logins of those at a branch who have this role and still work here."""
    return [p.login for p in STAFF if p.role == role and branch_of(p) == branch and p.login != LEFT]


def branch_of(person: Person) -> str:
    return DEPARTMENTS[person.department][0] if person.department in DEPARTMENTS else "HQ"


def load(desk: Desk, today: date) -> None:
    """Everybody, their places, their superiors and their passwords; from then on they can ask in their own names."""
    branches = {demo_id("branch", code): values for code, values in BRANCHES.items()}
    desk.create("system", "organization.branch", branches)
    desk.create(
        "system",
        "organization.department",
        {
            demo_id("department", code): {
                "name": name,
                "name_en": name_en,
                "branch_id": demo_id("branch", branch),
            }
            for code, (branch, name, name_en) in DEPARTMENTS.items()
        },
    )
    rest = dict(enumerate(STAFF))
    known = {"-"}
    while rest:  # superiors must be there first
        now = {number: person for number, person in rest.items() if person.manager in known}
        values = {staff_id(person.login): _values(person, number, today) for number, person in now.items()}
        desk.create("system", "organization.staff", values)
        known |= {person.login for person in now.values()}
        rest = {number: person for number, person in rest.items() if number not in now}
    desk.all(
        (
            "system", "organization", "set_password_staff",
            {"id": staff_id(p.login), "password": PASSWORD}, f"password/{p.login}",
        )
        for p in STAFF
    )  # fmt: skip
    left_on = today.replace(day=1) - timedelta(days=5)
    desk.all(
        [
            (
                "system",
                "organization",
                "leave_staff",
                {"id": staff_id(LEFT), "left_on": left_on},
                f"leave/{LEFT}",
            )
        ]
    )
    introduce(desk)


def _values(person: Person, number: int, today: date) -> dict[str, Any]:
    return {
        "name": person.name,
        "name_en": person.name_en.replace("-", " "),
        "login": person.login,
        "email": f"{person.login}@guanxi.example",
        "phone": f"199 0009 {number:04d}",
        "job_title": person.job_title,
        "branch_id": demo_id("branch", branch_of(person)),
        "department_id": demo_id("department", person.department)
        if person.department in DEPARTMENTS
        else None,
        "manager_id": staff_id(person.manager) if person.manager != "-" else None,
        "roles": [role_id(person.role)],
        "language": "en" if person.login in READS_ENGLISH else "zh_CN",
        "joined_on": today - timedelta(days=90 + (number * 131) % 2600),
    }


def introduce(desk: Desk) -> None:
    """Let those who will do something ask in their own names, with the rights they have."""
    desk.introduce("nobody", Actor.anonymous())
    here = [p.login for p in STAFF if p.login != LEFT and p.role in BUSY]
    asked = [
        (
            "nobody", "organization", "sign_in",
            {"login": login, "password": PASSWORD, "address": f"demo {login}"}, None,
        )
        for login in here
    ]  # fmt: skip
    for login, signed_in in zip(here, desk.all(asked), strict=True):
        desk.introduce(login, Actor.model_validate(signed_in["actor"]))
        desk.ask(login, "organization", "sign_out", {"session": signed_in["session"]})
