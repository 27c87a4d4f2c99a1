"""The lists people choose from, as they are shipped: code, Chinese name, English name.

Sources, industries and buying roles are the source company's own lists, word for word. Its region tree is known by its
shape only, eight districts of the city and twenty-three areas below them; the city is not named. Here it is Beijing,
where the demo company sits: real districts, and areas that sales people there speak of. Whoever sells elsewhere
archives these and enters her own.
"""

from __future__ import annotations

LISTS: dict[str, str] = {
    "lead_source": """
        staff_referral       员工推介      Staff referral
        customer_referral    客户推介      Customer referral
        partner_referral     合作伙伴推介  Partner referral
        other_referral       其他推介      Other referral
        visit                上门拜访      Visit to the client
        exhibition           商业展示      Trade show
        internet             互联网信息    Internet
        advertising          广告反馈      Response to advertising
        phone_enquiry        电话咨询      Phone enquiry
        walk_in              上门咨询      Walk-in enquiry
        other_response       其他反馈      Other response
    """,
    "industry": """
        manufacturing        工业制造      Manufacturing
        trade                商业贸易      Trade
        finance              金融保险      Finance and insurance
        utilities            公用事业      Utilities
        government           行政事业      Government and public bodies
        construction         建筑施工      Construction
        tourism              旅游服务      Tourism and services
        new_economy          新经济        New economy
        diversified          综合性集团    Diversified group
        other                其他          Other
    """,
    "tag": """
        key_account          大客户        Key account
        follow_closely       重点跟进      Follow closely
        referred             老客户介绍    Referred by a client
        at_risk              有流失风险    At risk of leaving
    """,
    "buying_role": """
        user                 使用者        User
        influencer           影响者        Influencer
        buyer                购买者        Buyer
        decider              决定者        Decider
        gatekeeper           把关者        Gatekeeper
    """,
    "activity_kind": """
        phone                电话沟通      Phone call
        material_sent        寄送资料      Material sent
        first_visit          首次拜访      First visit
        visit                上门拜访      Visit
        presentation         产品演示      Product presentation
        negotiation          商务谈判      Negotiation
        meeting              会议          Meeting
        email                邮件往来      E-mail
        care                 客户关怀      Customer care
        other                其他          Other
    """,
    "expense_kind": """
        travel               差旅交通      Travel
        meal                 餐饮招待      Meals
        gift                 礼品          Gifts
        samples              样品资料      Samples and material
        event                会议活动      Events
        other                其他          Other
    """,
    "loss_reason": """
        price                价格          Price
        relationship         客户关系      Relationship
        product              产品与质量    Product or quality
        resources            资源不足      Too few resources of ours
        competitor           竞争对手      Competitor
        no_budget            资金未落实    No money for it
        cancelled            项目取消      Project cancelled
        too_early            时机未到      Too early
        other                其他          Other
    """,
    "payment_method": """
        bank_transfer        银行转账      Bank transfer
        cheque               支票          Cheque
        acceptance_bill      承兑汇票      Acceptance bill
        cash                 现金          Cash
        mobile               移动支付      Mobile payment
        other                其他          Other
    """,
    "article_category": """
        faq                  常见问题      Frequent question
        tip                  经验技巧      Tip
        company_rule         公司制度      Company rule
        product              产品知识      Product facts
        industry             行业知识      Industry facts
    """,
}

REGIONS = """
    dongcheng 东城区 Dongcheng
        wangfujing     王府井         Wangfujing
        dongzhimen     东直门         Dongzhimen
        chongwenmen    崇文门         Chongwenmen
    xicheng 西城区 Xicheng
        financial_street 金融街       Financial Street
        xidan          西单           Xidan
        guanganmen     广安门         Guang'anmen
    chaoyang 朝阳区 Chaoyang
        guomao         国贸           Guomao
        wangjing       望京           Wangjing
        jiuxianqiao    酒仙桥         Jiuxianqiao
        yayuncun       亚运村         Yayuncun
    haidian 海淀区 Haidian
        zhongguancun   中关村         Zhongguancun
        shangdi        上地           Shangdi
        wudaokou       五道口         Wudaokou
        gongzhufen     公主坟         Gongzhufen
    fengtai 丰台区 Fengtai
        lize           丽泽           Lize
        fangzhuang     方庄           Fangzhuang
        technology_park 丰台科技园    Fengtai Technology Park
    shijingshan 石景山区 Shijingshan
        bajiao         八角           Bajiao
        pingguoyuan    苹果园         Pingguoyuan
    tongzhou 通州区 Tongzhou
        canal          运河商务区     Canal Business District
        zhangjiawan    张家湾         Zhangjiawan
    daxing 大兴区 Daxing
        yizhuang       亦庄           Yizhuang
        huangcun       黄村           Huangcun
"""
"""Districts, and the areas of each indented below it."""


def rows(text: str) -> list[tuple[int, str, str, str]]:
    """(depth, code, name, English name) of each line; depth 0 stands furthest left."""
    lines = [line for line in text.splitlines() if line.strip()]
    edge = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    found = []
    for line in lines:
        code, name, name_en = line.split(maxsplit=2)
        found.append((int(len(line) - len(line.lstrip()) > edge), code, name, name_en.strip()))
    return found
