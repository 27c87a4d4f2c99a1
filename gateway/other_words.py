"""What other systems and people call the entries of the lists that Guanxi ships, so that their files need not be edited: the
picklists of Salesforce, HubSpot and EspoCRM, and what stands in Chinese tables.

An entry that a company has archived is not meant by any of them.
"""

from __future__ import annotations

LISTS: dict[str, dict[str, str]] = {
    "lead_source": {
        "internet": "Web, Website, Web site, Online, Organic search, Direct traffic, Social media, Social, Email marketing, "
        "网络, 网站, 官网, 线上, 互联网, 微信, 公众号, 小程序, 抖音, 百度",
        "phone_enquiry": "Phone inquiry, Phone, Call, Inbound call, Call center, 电话, 来电, 热线, 电话咨询",
        "partner_referral": "Partner, Partner referral, External referral, Reseller, 渠道, 合作伙伴, 代理商, 伙伴介绍",
        "customer_referral": "Customer, Existing customer, Customer referral, Client referral, 转介绍, 老客户, 老客户介绍, 客户介绍",
        "staff_referral": "Employee referral, Internal, Self generated, 员工介绍, 内部推荐, 同事介绍, 自己开发",
        "other_referral": "Referral, Referrals, Word of mouth, Public relations, 朋友介绍, 他人介绍, 介绍, 口碑",
        "exhibition": "Trade show, Tradeshow, Conference, Event, Seminar, Exhibition, 展会, 会展, 展览, 会议, 活动",
        "advertising": "Advertisement, Ads, Advertising, Paid search, Paid social, Campaign, Direct mail, 广告, 推广, 信息流",
        "visit": "Cold call, Field visit, Door to door, 陌拜, 拜访, 地推, 扫楼",
        "walk_in": "Walk in, Walk-in, Store visit, 到店, 上门",
        "other_response": "Other, Others, Purchased list, List, 其他, 其它",
    },
    "industry": {
        "manufacturing": "Manufacturing, Machinery, Electronics, Chemicals, Chemical, Apparel, Automotive, Industrial, "
        "Aerospace, Steel, 制造, 制造业, 工业, 机械, 机械制造, 电子, 化工, 汽车, 服装",
        "trade": "Retail, Wholesale, Trade, Trading, Consumer goods, Import and export, 贸易, 商贸, 零售, 批发, 批发零售, 进出口, 外贸",
        "finance": "Banking, Finance, Insurance, Financial services, Accounting, 金融, 银行, 保险, 证券",
        "utilities": "Utilities, Energy, Telecommunications, Transportation, Water, Electric, 能源, 电力, 交通, 水务, 通信, 公用",
        "government": "Government, Education, Not for profit, Healthcare, Public sector, Defense, 政府, 教育, 医疗, 事业单位, 机关, 学校",
        "construction": "Construction, Engineering, Real estate, Building materials, 建筑, 工程, 房地产, 地产, 施工",
        "tourism": "Hospitality, Recreation, Entertainment, Food & beverage, Travel, Hotels, 旅游, 酒店, 餐饮, 娱乐, 服务业",
        "new_economy": "Technology, Computer software, Software, Internet, Biotechnology, Media, Information technology, IT, "
        "互联网, 软件, 科技, 高新技术, 信息技术, 生物科技, 传媒",
        "diversified": "Conglomerate, Holding, Group, 集团, 综合",
        "other": "Other, Others, Consulting, 其他, 其它",
    },
    "buying_role": {
        "decider": "Decision maker, Economic buyer, Executive sponsor, 决策者, 决策人, 拍板人",
        "influencer": "Influencer, Evaluator, Champion, 影响者, 技术把关, 推荐人",
        "buyer": "Buyer, Purchaser, Procurement, Budget holder, 采购, 采购人, 购买人",
        "user": "Business user, End user, User, 使用人, 用户",
        "gatekeeper": "Gatekeeper, Blocker, Legal & compliance, 把关人",
    },
    "activity_kind": {
        "phone": "Call, Phone, 电话, 通话, 打电话", "email": "Email, E-mail, Mail, 邮件", "meeting": "Meeting, 会面, 会谈",
        "visit": "Visit, Field visit, 拜访", "presentation": "Demo, Presentation, 演示", "other": "Other, Task, Note, 其它",
    },
}  # fmt: skip


def of(list: str, code: str) -> tuple[str, ...]:
    """Every other word for an entry."""
    said = LISTS.get(list, {}).get(code, "")
    return tuple(word.strip() for word in said.split(",") if word.strip())
