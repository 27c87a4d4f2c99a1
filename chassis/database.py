"""One PostgreSQL database per service: engine, sessions, and the columns that every kept row has."""

from __future__ import annotations

# not `socket`: that of eventlet would let others work while we only look
from _socket import AF_INET, MSG_DONTWAIT, MSG_PEEK, SOCK_STREAM, socket
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID
from weakref import WeakKeyDictionary

import orjson
import psycopg2
from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    Index,
    MetaData,
    Numeric,
    String,
    Text,
    Uuid,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Mapper,
    Session,
    declared_attr,
    mapped_column,
    sessionmaker,
)

from chassis.identity import new_id
from chassis.silence import KEEPALIVE, SERVER_KEEPALIVE
from contracts import own_fields
from contracts.message import Listed, Record, snake
from contracts.own_fields import is_own

# One convention, so that a migration can name a constraint years later.
CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
TYPES = {
    datetime: DateTime(timezone=True),
    dict[str, Any]: JSONB,
    list[Any]: JSONB,
    list[str]: ARRAY(Text),
}
Money = Numeric(18, 2)
LIMITS = "-c lock_timeout=5000 -c statement_timeout=60000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"


class ChassisBase(DeclarativeBase):
    """The tables of the mechanisms themselves; every service's database has them."""

    metadata = MetaData(naming_convention=CONVENTION)
    type_annotation_map = TYPES


class Tables:
    """The tables of one service: `class Base(Tables, DeclarativeBase): metadata = tables()`. Named after the nouns."""

    type_annotation_map = TYPES

    @declared_attr.directive
    @classmethod
    def __tablename__(cls) -> str:
        return snake(cls.__name__)


def tables() -> MetaData:
    """A fresh set of tables with our naming convention."""
    return MetaData(naming_convention=CONVENTION)


class Kept:
    """A row worth keeping: id made by its creator, home branch, epoch and version, stamps; archived, never deleted."""

    record: ClassVar[type[Record]]
    listed: ClassVar[type[Listed] | None] = None
    """The event that tells other services under which name this is in the books."""
    numbered: ClassVar[str | None] = None
    """Pattern of the number people see, such as `KH-{branch}-{year}-{seq:05}`."""
    alike: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Field → columns: two rows that agree in these are taken for the same thing when a file brings them."""

    found_by: ClassVar[dict[str, Any]] = {}
    """Field → how what it says is kept so that the same reads the same (`chassis.found_by.FoundBy`)."""

    suspects: ClassVar[dict[str, tuple[str, ...]]] = {}
    """Field → columns: two rows that agree in these may be the same thing; a person decides."""
    becomes: ClassVar[dict[str, str]] = {}
    """Kind → the field that says which one of that kind a row became: until it does, it may be one of them already."""
    refuses_twins: ClassVar[bool] = False
    """Whether a second one that says the same is refused: one of two is put away when a merge makes them say the same."""
    retired: ClassVar[bool] = False
    """The whole kind was put away: nobody is shown anything of it, and nothing of it is lost."""
    merged: ClassVar[tuple[type[Any], type[Any]] | None] = None
    """The events that tell others that several became one, and that they are several again; None: they never do."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    home: Mapped[str] = mapped_column(String(20))
    epoch: Mapped[int] = mapped_column(default=1)
    ver: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()
    created_by: Mapped[UUID | None] = mapped_column()
    updated_at: Mapped[datetime] = mapped_column()
    updated_by: Mapped[UUID | None] = mapped_column()
    archived_at: Mapped[datetime | None] = mapped_column()
    own: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Values of own fields, by the field's name; see `chassis.own_fields`."""

    def __getattr__(self, name: str) -> Any:
        """An own field reads like any other."""
        if is_own(name):
            return (self.own or {}).get(own_fields.logged(self.record.entity(), name))
        raise AttributeError(name)

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return (
            {"version_id_col": cls.__table__.c.ver}
            if hasattr(cls, "__table__")
            else {"version_id_col": cls.ver}
        )


class Owned:
    """Belongs to somebody: the columns that row rights are decided from."""

    owner_id: Mapped[UUID | None] = mapped_column()
    department_id: Mapped[UUID | None] = mapped_column()
    branch_id: Mapped[UUID | None] = mapped_column()

    part_of: ClassVar[tuple[str, ...]] = ()
    """The fields that may name the whole, the first that does counts: a part has its owner, and goes where it goes
    (`chassis.belonging`)."""

    def belongs_to(self, work: Any) -> Owned | None:
        """The row whose owner a new one takes when nobody is named; None: it belongs to whoever makes it."""
        for field in self.part_of:
            if (id := getattr(self, field)) is not None:
                kind = self.record.attrs()[field].ref.rpartition(".")[2]  # type: ignore[attr-defined]
                with work.everything():
                    found: Owned | None = work.session.get(work.entities[kind], id)
                return found
        return None

    def belong_with(self, whole: Owned) -> None:
        """Take the owner of another row, and with it her department and branch."""
        self.owner_id, self.department_id, self.branch_id = (
            whole.owner_id,
            whole.department_id,
            whole.branch_id,
        )


class Upon:
    """Stands on another record of its service, whatever kind that is, and is seen by whoever sees that one."""

    about: Mapped[str] = mapped_column(String(60))
    record_id: Mapped[UUID] = mapped_column()


class Searchable:
    """Found by fragment: the searched text, folded, and its one- and two-character grams."""

    search_text: Mapped[str] = mapped_column(Text, default="")
    # not list[str]: the annotation is read inside the mapped class, which may have a column called «list»
    grams: Mapped[Sequence[str]] = mapped_column(ARRAY(Text), default=list)


class Reached:
    """Found alike by how it is reached, whichever field says so."""

    reach: Mapped[Sequence[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    """Keys, each behind its kind: «phone 13800138000», «mail_domain qili.cn»."""
    reached_by: ClassVar[tuple[str, ...]] = ()
    """The kinds of keys in which two that agree may be the same thing."""
    alone_by: ClassVar[tuple[str, ...]] = ()
    """Those of them that belong to one alone: whoever enters the same is told of it, whosever it is."""

    def its_own(self) -> list[str]:
        """The keys by which a file that brings another one is told that it may be this one."""
        kinds = tuple([f"{kind} " for kind in self.alone_by])
        return [key for key in self.reach if key.startswith(kinds)]


class Tagged:
    """People put tags on it."""

    tags: Mapped[Sequence[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")


class LineRow:
    """A row inside a document; lives and dies with it, audited as a part of it."""

    record: ClassVar[type[Record]]

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    position: Mapped[int] = mapped_column(default=0)


@event.listens_for(Mapper, "after_mapper_constructed")
def _index_rights_and_order(mapper: Mapper[Any], cls: type[Any]) -> None:
    """Each scope combined with the default order needs its index, or a list sorts the whole table."""
    table: Any = mapper.local_table
    if not issubclass(cls, Kept) or any(
        index.name == f"ix_{table.name}_created_at_id" for index in table.indexes
    ):
        return
    Index(f"ix_{table.name}_created_at_id", table.c.created_at.desc(), table.c.id.desc())
    if issubclass(cls, Owned):
        for column in ("owner_id", "department_id", "branch_id"):
            Index(
                f"ix_{table.name}_{column}_created_at",
                table.c[column],
                table.c.created_at.desc(),
                table.c.id.desc(),
            )
    if issubclass(cls, Tagged):
        Index(f"ix_{table.name}_tags", table.c.tags, postgresql_using="gin")
    if issubclass(cls, Reached):
        Index(f"ix_{table.name}_reach", table.c.reach, postgresql_using="gin")
    if issubclass(cls, Searchable):
        Index(f"ix_{table.name}_grams", table.c.grams, postgresql_using="gin")
        Index(
            f"ix_{table.name}_own", table.c.own, postgresql_using="gin", postgresql_ops={"own": "jsonb_path_ops"},
            postgresql_where=text("own <> '{}'"),
        )  # fmt: skip


def _dumped(value: Any) -> str:
    return orjson.dumps(value).decode()


def connect(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for one database. A lock that is not had within 5 s is an error, not a hanging page.

    What a machine that is gone without a word has locked is free again within a minute.
    """
    engine = create_engine(
        url.replace("postgresql://", "postgresql+psycopg2://", 1),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_use_lifo=True,  # the connection used last: what its server knows by now is at hand
        json_serializer=_dumped,
        json_deserializer=orjson.loads,
        hide_parameters=True,  # an error in the log must not tell what people wrote
        connect_args={"options": f"{LIMITS} {SERVER_KEEPALIVE}", "connect_timeout": 10, **KEEPALIVE},
    )
    event.listen(engine, "checkout", _still_there)
    event.listen(engine, "checkin", _together_again)
    return engine


def _still_there(connection: Any, _record: Any, _proxy: Any) -> None:
    """Before a connection is used: has the server hung up meanwhile? Looking costs nothing, asking a round trip.

    An idle server says nothing; only when there is something to read it is asked.
    """
    try:
        look = socket(AF_INET, SOCK_STREAM, 0, connection.fileno())
        try:
            said = look.recv(1, MSG_PEEK | MSG_DONTWAIT)
        finally:
            look.detach()
        if said:
            with connection.cursor() as cursor:
                cursor.execute("")
            connection.rollback()
            return
    except BlockingIOError:
        return
    except (OSError, psycopg2.Error):
        pass
    raise InvalidatePoolError("the database has hung up")


def sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions in which the chassis' hooks (stamps, audit, scope, search) work."""
    from chassis import flush, outbox, retelling, scope  # they need the classes above

    factory = sessionmaker(engine, expire_on_commit=False)
    scope.watch(factory)
    flush.watch(factory)
    retelling.watch(factory)
    outbox.watch(factory)
    return factory


def reading(factory: sessionmaker[Session]) -> sessionmaker[Session]:
    """Sessions of questions: each statement is for itself, which saves its beginning and end; nothing can be written."""
    from chassis import scope

    bind = factory.kw["bind"]
    if isinstance(bind, Engine):  # a test's open connection keeps its own transaction
        bind = bind.execution_options()
        event.listen(bind, "engine_connect", _each_for_itself)
    readers = sessionmaker(**{**factory.kw, "bind": bind, "autoflush": False})
    scope.watch(readers)
    event.listen(readers, "before_flush", _refuse)
    return readers


_ASIDE: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def aside(engine: Engine) -> Engine:
    """Connections of their own to the same database, for a statement that is to hold whatever becomes of a transaction
    under way. Not of the same pool: who has one of it waits for nobody who has another."""
    found = _ASIDE.get(engine)
    if found is None:
        found = _ASIDE[engine] = Engine(
            engine.pool.recreate(), engine.dialect, engine.url, hide_parameters=engine.hide_parameters
        )
        event.listen(found, "engine_connect", _each_for_itself)
    return found


def _each_for_itself(connection: Connection) -> None:
    # not by the library's own option: that one sets and unsets the level of isolation, by two round trips
    connection.connection.dbapi_connection.autocommit = True  # type: ignore[union-attr]


def _together_again(connection: Any, _record: Any) -> None:
    if connection is not None and not connection.closed and connection.autocommit:
        connection.autocommit = False


class QuestionWrites(Exception):
    """A query door changed a row: it would be half kept."""


def _refuse(session: Session, *_: Any) -> None:
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        raise QuestionWrites
