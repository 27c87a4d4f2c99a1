"""A company to look around in: 28 people, 900 customers, 1,400 leads, and everything between a first call and the last
payment. All names are put together from parts by a fixed recipe; telephone numbers, addresses and web sites are such
as nobody has. Dates are counted from today.

    python -m deploy.demo        into a running Guanxi that has nobody in it yet; a second time adds nothing
"""

PASSWORD = "demo guanxi"
"""Of everybody in the demo company."""

LOGINS = [
    ("销售代表 李爱丽", "Sales rep Alice", "alice", PASSWORD),
    ("销售经理 白博文（爱丽的上级）", "Sales manager Bob, Alice's", "bob", PASSWORD),
    ("会计 丁丹", "Accountant Dan", "dan", PASSWORD),
    ("服务工程师 方锐", "Service engineer Frank", "frank", PASSWORD),
    ("总经理 顾瑞思", "General manager Grace", "grace", PASSWORD),
    ("系统管理员 罗特", "Administrator Root", "root", PASSWORD),
    ("上海销售代表 陈佳瑞", "Sales rep of another branch, Carol", "carol", PASSWORD),
]
"""Chinese title, English title, login, password of those one should try first."""
