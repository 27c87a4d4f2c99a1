"""Search over everything as the palette asks it, against the SQL alone in every database; what is alike; what may be doubled."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import create_engine, text

from bench.load import Arrive, measured, page, sql, together
from bench.row import Row, at_most
from chassis.search import Fragment
from tests.journey.system import Client, System

USERS = 8
SERVICES = ("branch_sync", "customer", "notification", "organization", "receivables", "sales", "service_desk")
TABLES = """SELECT table_name FROM information_schema.columns WHERE column_name IN ('grams', 'archived_at')
    GROUP BY table_name HAVING count(*) = 2 ORDER BY table_name"""
FITS = "archived_at IS NULL AND grams @> CAST(%s AS text[]) AND search_text LIKE %s"
COUNT = f"(SELECT count(*) FROM (SELECT 1 FROM {{table}} WHERE {FITS} LIMIT 501) found)"
FIRST = f"""SELECT id, search_text FROM {{table}} WHERE id = ANY (ARRAY(SELECT id FROM {{table}} WHERE {FITS} LIMIT 501))
    ORDER BY created_at DESC, id DESC LIMIT 5"""


def measure(system: System, grace: Client, common: str, rare: str) -> Iterator[Row]:
    """Asked for a fragment that every other row has, for one that hardly any has, and for a number."""
    mobile = grace.rows("customer/contact", limit=1, sort="created_at")[0]["mobile"]
    wanted = {"very common fragment": common, "rare fragment": rare, "whole phone number": mobile}
    for what, words in wanted.items():
        alone = measured(_sql(system, words), USERS, 20)
        took = measured(page(grace, f"/search?q={words}", "found"), USERS, 40)
        name = f"search over everything, {what}, {USERS} users, p95, against the SQL alone"
        yield at_most(name, took.p95, "ms", 4.0, alone.p95)
    typing = page(grace, "/customer/similar?about=company&name=测试丁三公司")
    yield Row(
        f"what is alike while a name is typed, {USERS} users, p95", measured(typing, USERS, 20).p95, "ms"
    )
    for entity in ("customer", "contact"):
        took = measured(page(grace, f"/customer/{entity}/duplicates"), 1, 3)
        yield Row(f"report of possible duplicates, {entity}, one user, median", took.median, "ms")


def _sql(system: System, words: str) -> Arrive:
    """In each database one statement that counts what fits in every table, and one for the first five where any do."""
    fragment = Fragment.of(words)
    values = (list(fragment.keys), fragment.pattern or "%")
    asked = []
    for service in SERVICES:
        url = system.database(service)
        engine = create_engine(url)
        with engine.connect() as connection:
            tables = list(connection.scalars(text(TABLES)))
            counts = "SELECT " + ", ".join(COUNT.format(table=table) for table in tables)
            counted = connection.exec_driver_sql(counts, values * len(tables)).one()
        engine.dispose()
        hits = [table for table, number in zip(tables, counted, strict=True) if number]
        rows = [(FIRST.format(table=table), values) for table in hits]
        asked.append(sql(url, (counts, values * len(tables)), *rows))
    return together(*asked)
