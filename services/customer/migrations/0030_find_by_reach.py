"""Leads, customers and contacts are found alike by how they are reached: phones, mail, its domain, web site."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "customer_0030"
down_revision = "customer_0029"
branch_labels = None
depends_on = None

FREE = (
    "qq.com vip.qq.com foxmail.com 163.com vip.163.com 126.com vip.126.com yeah.net 188.com 139.com 189.cn wo.cn sina.com sina.cn "
    "vip.sina.com sohu.com tom.com 21cn.com aliyun.com 263.net gmail.com googlemail.com outlook.com outlook.cn hotmail.com live.com "
    "live.cn msn.com yahoo.com yahoo.com.cn yahoo.cn ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.de web.de proton.me "
    "protonmail.com zoho.com mail.ru yandex.com yandex.ru"
)
SHARED = (
    "1688.com taobao.com tmall.com jd.com weibo.com zhihu.com mp.weixin.qq.com baike.baidu.com alibaba.com linkedin.com facebook.com "
    "sites.google.com"
)
DIGITS = r"""regexp_replace(regexp_replace(normalize({0}, NFKC), '(ext|x|转|#|\*)\.?\s*\d+\s*$', '', 'i'), '\D', '', 'g')"""
SHORT = (
    "ltrim(CASE WHEN starts_with(btrim(normalize({0}, NFKC)), '+86') OR starts_with(" + DIGITS + ", '0086') "
    "THEN regexp_replace(" + DIGITS + ", '^(00)?86', '') ELSE " + DIGITS + " END, '0')"
)
PHONE = "CASE WHEN length(" + SHORT + ") >= 7 THEN 'phone ' || left(" + SHORT + ", 40) END"
EMAIL = "'email ' || lower(email)"
DOMAIN = (
    "CASE WHEN strpos(split_part(email, '@', 2), '.') > 0 AND lower(split_part(email, '@', 2)) <> ALL (string_to_array('"
    + FREE
    + "', ' ')) THEN 'mail_domain ' || lower(split_part(email, '@', 2)) END"
)
HOST = r"""regexp_replace(lower(substring(website from '^(?:[a-zA-Z]+://)?(?:[^/@]*@)?([^/:?#]+)')), '^www\.', '')"""
SITE = f"CASE WHEN strpos({HOST}, '.') > 0 AND {HOST} <> ALL (string_to_array('{SHARED}', ' ')) THEN 'website ' || {HOST} END"
KEYS = {
    "lead": (PHONE.format("mobile"), PHONE.format("phone"), EMAIL, DOMAIN, SITE),
    "customer": (PHONE.format("mobile"), PHONE.format("phone"), EMAIL, DOMAIN, SITE),
    "contact": (PHONE.format("mobile"), PHONE.format("phone"), EMAIL),
}


def upgrade() -> None:
    for table, keys in KEYS.items():
        column: sa.Column[list[str]] = sa.Column(
            "reach", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False
        )
        op.add_column(table, column)
        op.get_bind().exec_driver_sql(
            f"UPDATE {table} SET reach = found.keys FROM (SELECT id AS row_id, "
            f"array_remove(ARRAY(SELECT DISTINCT left(k, 250) FROM unnest(ARRAY[{', '.join(keys)}]) AS k), NULL) AS keys "
            f"FROM {table}) AS found WHERE found.row_id = {table}.id AND found.keys <> '{{}}'"
        )
        op.create_index(f"ix_{table}_reach", table, ["reach"], postgresql_using="gin")
    for table in ("lead", "customer"):
        op.drop_index(f"ix_{table}_phone_key", table_name=table)
        op.drop_column(table, "phone_key")


def downgrade() -> None:
    for table in ("lead", "customer"):
        op.add_column(table, sa.Column("phone_key", sa.String(length=40), nullable=True))
        op.get_bind().exec_driver_sql(
            f"UPDATE {table} SET phone_key = (SELECT substr(k, 7, 40) FROM unnest(reach) AS k WHERE starts_with(k, 'phone ') LIMIT 1)"
        )
        op.create_index(f"ix_{table}_phone_key", table, ["phone_key"])
    for table in KEYS:
        op.drop_index(f"ix_{table}_reach", table_name=table, postgresql_using="gin")
        op.drop_column(table, "reach")
