"""Valid values for any record, made from its description alone, and the cards of whatever it refers to.

An entity with a rule of its own says so in `tests/factories/fitting.py`.
"""

from __future__ import annotations

import importlib
import itertools
from decimal import Decimal
from importlib.util import find_spec
from typing import Any
from uuid import UUID

from chassis.identity import new_id
from chassis.importing import Importer
from chassis.work import Work
from contracts.actor import Actor, Grant
from contracts.message import Attr, Listed, Record
from contracts.organization import OwnObjectListed
from tests.cast import ALICE_ID, BEIJING, SALES
from tests.conformance import everything
from tests.desk import Desk
from tests.factories import fitting


class Samples:
    """Sample rows and cards at one service's desk, on behalf of somebody who may do everything."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.service = desk, desk.house.service
        self.somebody = Actor(
            id=ALICE_ID, name="Alice", branch_id=BEIJING, department_id=SALES, departments=(SALES,),
            grants=(Grant(permission="*", scope="all"),),
        )  # fmt: skip
        self._numbers = itertools.count(1)
        if self.service.own_objects is not None:
            card = {
                "record_id": new_id(),
                "epoch": 1,
                "ver": 1,
                "label": "样品",
                "data": everything.OWN_OBJECT,
            }
            desk.hear(OwnObjectListed(**card))
        self._known: dict[tuple[str, str], UUID] = {}
        self._seed()
        for entity, id in (("branch", BEIJING), ("department", SALES), ("staff", ALICE_ID)):
            self._known[f"organization.{entity}", ""] = id
            if f"organization.{entity}" in self.followed:
                self._tell(f"organization.{entity}", id, {})

    @property
    def followed(self) -> dict[str, type[Listed]]:
        """Entities of other services whose cards are kept here."""
        return {listed.entity: listed for listed in self.service.follows}

    def values(self, record: type[Record], *, whole: bool = True) -> dict[str, Any]:
        """What somebody may enter for a new one: every field, or only those that must be there."""
        found = {
            name: self.value(record, a)
            for name, a in record.own_attrs().items()
            if not a.readonly and (whole or a.required) and not (name == "owner_id" and not a.required)
        }
        special = fitting.SAMPLES.get(record.entity(), lambda _: {})(self)
        return found | {name: value for name, value in special.items() if whole or value is not None}

    def value(self, record: type[Record], a: Attr) -> Any:
        """One value that fits a field."""
        if a.lines:
            return [self.values(a.lines), self.values(a.lines)]
        if a.many:
            one = a.choices[0] if a.choices else self.id_for(a.ref, a.among) if a.ref else self._plain(a)
            return [one]
        if a.ref:
            return self.id_for(a.ref, a.among, home=record)
        return a.choices[0] if a.choices else self._plain(a)

    def id_for(
        self, entity: str, among: dict[str, str] | None = None, home: type[Record] | None = None
    ) -> str | None:
        """A row of ours, or the card of somebody else's, that may be referred to."""
        key = entity, repr(sorted((among or {}).items()))
        if entity in self.followed:
            if not among and (entity, "") in self._known:
                return str(self._known[entity, ""])
            if key not in self._known:
                self._known[key] = new_id()
                self._tell(entity, self._known[key], among or {})
            return str(self._known[key])
        found = everything.entities().get(entity)
        if found is None or found[0] is not self.service or (home is not None and home.entity() == entity):
            return None  # nobody's here, or a parent of its own kind
        if key not in self._known:
            self._known[key] = UUID(str(self.row(entity)["id"]))
        return str(self._known[key])

    def row(self, entity: str, **values: Any) -> dict[str, Any]:
        """A new row of this entity, entered by hand or born as it is born in life."""
        record = everything.records()[entity]
        if (born := fitting.BORN.get(entity)) is not None:
            return self.desk.ask(self.somebody, "get", entity=entity, id=str(born(self)))["row"]
        assert record.creatable, f"say in tests/factories/fitting.py how a {entity} comes to be"
        return self.desk.create(self.somebody, entity, **(self.values(record) | values))

    def bring(self, entity: str, *rows: dict[str, Any]) -> dict[str, Any]:
        """Rows of a file; answers the job as it ended."""
        ask, columns = self.desk.ask, list(dict.fromkeys(name for row in rows for name in row))
        started = {"entity": entity, "file_name": "样品.xlsx", "columns": columns, "duplicates": "take"}
        job = {"job_id": ask(self.somebody, "start_import", started)["id"]}
        ask(self.somebody, "stage_rows", **job, first=2, rows=rows)
        ask(self.somebody, "run_import", **job)
        Importer(self.desk.house).run_all()
        return ask(self.somebody, "job", id=job["job_id"])

    def number(self) -> int:
        """Another number each time."""
        return next(self._numbers)

    def _plain(self, a: Attr) -> Any:
        n = self.number()
        low = a.minimum if a.minimum is not None else Decimal(1)
        high = a.maximum if a.maximum is not None else Decimal(10**6)
        numeric = str(min(max(low, Decimal(n % 50 + 1)), high))
        made: dict[str, Any] = {
            "text": f"样品{n} sample", "long_text": f"第{n}行\n第二行", "integer": int(Decimal(numeric)),
            "number": numeric, "percent": numeric, "amount": numeric, "date": "2026-04-01",
            "datetime": "2026-04-01T02:00:00+00:00", "flag": True, "email": f"sample{n}@example.com",
            "phone": f"010-{60000000 + n}", "url": f"https://example.com/{n}", "json": None,
            "choice": f"choice{n}", "entity": "customer.customer", "question": "created_at=today",
            "referable": "sales.product", "permission": f"sample.permission{n}",
        }  # fmt: skip
        value = made[a.kind]
        return value[-a.max_length :] if isinstance(value, str) and a.max_length else value

    def _tell(self, entity: str, id: UUID, among: dict[str, str]) -> None:
        """Let the service hear the card, with everything that travels on it."""
        listed = self.followed[entity]
        self.desk.hear(self.card(listed, id, among))

    def card(self, listed: type[Listed], id: UUID, among: dict[str, str]) -> Listed:
        """A card as its owner would send it."""
        record = everything.records().get(listed.entity, everything.OWN)
        carried = {*listed.carries, *({"owner_id", "department_id", "branch_id"} & record.attrs().keys())}
        data = {name: among.get(name, self._carried(record, name)) for name in sorted(carried)}
        n = self.number()
        return listed(
            record_id=id, epoch=1, ver=1, number=f"N-{n}", label=f"名片{n}", label_en=f"Card {n}",
            data={"owner_id": str(ALICE_ID)} | data if "owner_id" in carried else data,
        )  # fmt: skip

    def _carried(self, record: type[Record], name: str) -> Any:
        if name == "object_code":
            return everything.OWN_OBJECT["code"]
        a = record.attrs()[name]
        if name == "state" and record.lifecycle is not None:
            return record.lifecycle.start
        if a.default not in (None, (), "") and not a.choices:
            return a.default if isinstance(a.default, bool | int) else str(a.default)
        if a.ref and not a.many:
            return str(self._known.get((a.ref, ""), "")) or (
                self.id_for(a.ref, a.among) if a.required else None
            )
        return [] if a.many else a.choices[0] if a.choices else self._plain(a)

    def _seed(self) -> None:
        """As after the first start."""
        name = f"services.{self.service.name}.seed"
        if find_spec(name) is None:
            return
        with self.desk.house.sessions.begin() as session:
            work = Work(session, Actor.system("seed"), self.desk.house, door="seed")
            importlib.import_module(name).seed(work)
