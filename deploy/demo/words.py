"""Names of companies and people, put together from parts; numbers and addresses that nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from pypinyin import lazy_pinyin

FIRST = "泰衡朗睿恒瑞锦维澜昱拓卓启翰铭宏博晟骏腾鹏凌旭曜砺沛嘉颂"
SECOND = "宁川岳森帆图思远创迪科奥林达盈程羽峰禾舟越凯航庭诺泽"
TRADES = {
    "manufacturing": ("精密机械", "电子设备", "汽车零部件", "阀门制造", "模具", "仪表", "电机", "新材料"),
    "trade": ("商贸", "进出口", "供应链", "百货", "五金贸易"),
    "finance": ("融资租赁", "保险经纪", "小额贷款", "担保"),
    "utilities": ("水务", "热力", "燃气", "电力服务", "环卫"),
    "government": ("计量检测中心", "质量监督检验所", "职业技术学院", "信息中心"),
    "construction": ("建设工程", "装饰工程", "钢结构", "市政工程", "幕墙"),
    "tourism": ("国际旅行社", "酒店管理", "景区运营", "会展服务"),
    "new_economy": ("软件", "信息技术", "智能科技", "生物技术", "新能源", "数据服务"),
    "diversified": ("控股", "实业", "产业"),
    "other": ("文化传媒", "物流", "教育咨询", "印务", "农业科技"),
}
WEIGHTS = {
    "manufacturing": 30, "trade": 12, "finance": 5, "utilities": 7, "government": 8, "construction": 10,
    "tourism": 5, "new_economy": 15, "diversified": 3, "other": 5,
}  # fmt: skip
TAILS = {"finance": ("有限公司",), "diversified": ("集团有限公司", "集团股份有限公司")}
USUAL_TAILS = ("有限公司", "有限公司", "有限公司", "股份有限公司", "有限责任公司")
PUBLIC = ("government",)

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
GIVEN = "伟芳娜敏静丽强磊洋艳勇军杰娟涛明超秀霞平刚桂英华文志建国春梅晓东海燕红玉兰新宇浩然子涵思雨佳琪一鸣"
JOB_TITLES = (
    "总经理",
    "采购经理",
    "设备科科长",
    "质量部经理",
    "技术总监",
    "实验室主任",
    "财务经理",
    "工程师",
    "办公室主任",
)

NEEDS = (
    "产线升级，需要在线检测设备。", "实验室扩建，计划添置示波器。", "旧设备到期更换，正在比较几家。",
    "新品研发，需要三维扫描与软件。", "客户审核提出计量校准要求。", "希望签年度维护合同。",
    "询问数据采集软件的企业版价格。", "展会上看过样机，想安排演示。",
)  # fmt: skip


@dataclass(frozen=True)
class Company:
    """A company that does not exist."""

    name: str
    short_name: str
    industry: str
    site: str
    number: int

    @property
    def website(self) -> str:
        return f"https://www.{self.site}.example"

    @property
    def tax_number(self) -> str:
        """Reads like one; there is no region 999999."""
        return f"91999999MA0{self.number:07d}"


class Words:
    """Draws names, always the same ones in the same order."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self._taken: set[str] = set()

    def company(self, city: str, number: int) -> Company:
        """One that was not drawn before."""
        industry = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        while True:
            short = self.dice.choice(FIRST) + self.dice.choice(SECOND)
            trade = self.dice.choice(TRADES[industry])
            tail = "" if industry in PUBLIC else self.dice.choice(TAILS.get(industry, USUAL_TAILS))
            name = f"{city}{short}{trade}{tail}"
            if f"{city}{short}{trade}" not in self._taken:
                break
        self._taken.add(f"{city}{short}{trade}")
        site = "".join(lazy_pinyin(short + trade[:2])) + f"{number}"
        return Company(name, short + trade[:2], industry, site, number)

    def person(self) -> str:
        """A surname and one or two more characters."""
        return self.dice.choice(SURNAMES) + "".join(self.dice.sample(GIVEN, self.dice.choice((1, 2, 2))))

    def mobile(self, number: int) -> str:
        """No such number is given to anybody: the block 199 0000 is not in use."""
        return f"199 0000 {number % 10000:04d}"

    def landline(self, city_code: str, number: int) -> str:
        """In an exchange 5550 that there is not."""
        return f"{city_code}-5550 {number % 10000:04d}"
