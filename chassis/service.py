"""What a service is: a class whose body is the list of its doors.

Declares only. `chassis.hosting` puts such a class into a Nameko container; everything else (migrations, relay,
tests, documents) reads the declaration without a broker in sight.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import cache, cached_property
from typing import Any, ClassVar, Literal, Protocol

from chassis import attachments as files
from chassis import (
    batches,
    editing,
    grouping,
    health,
    import_sources,
    merging,
    merging_many,
    own_values,
    searching,
    transfer,
    whole_row,
)
from chassis import comments as remarks
from chassis import duplicates as alike
from chassis import entities as engine
from chassis import favourites as starring
from chassis import parked as messages
from chassis.house import House
from chassis.news import News
from contracts.changes import RecordsChanged
from contracts.message import Event, Listed, Message

Kind = Literal["command", "query", "reaction", "job"]


@dataclass(eq=False)
class Door:
    """One way into a service: which function, for which message, and who may."""

    kind: Kind
    function: Callable[..., Any]
    permission: str | None = ""
    """What follows the service's name in the permission; the door's own name unless told, None: any known actor."""
    at: time | None = None
    every: float | None = None
    secret: bool = False
    """What is said here is not written down: neither the answer nor a digest of the message is kept with the key."""
    name: str = field(default="", init=False)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @cached_property
    def message(self) -> type[Message] | None:
        """The message class, from the annotation of the function's second parameter; None where it takes a dict."""
        found = _second_annotation(self.function)
        if self.takes_many:
            found = typing.get_args(typing.get_args(found)[0])[0]
        return found if isinstance(found, type) and issubclass(found, Message) else None

    @cached_property
    def takes_many(self) -> bool:
        """Whether the function takes a `Sequence[News[…]]`: all that was announced of one kind in one go."""
        return typing.get_origin(_second_annotation(self.function)) is Sequence

    def react(self, work: Any, news: Sequence[News[Any]]) -> None:
        """Let the function do its part for these announcements, in their order."""
        if self.takes_many:
            self.function(work, news)
            return
        for one in news:
            self.function(work, one.event)

    def needs(self, service: str) -> str | None:
        """The permission asked for at this door."""
        return None if self.permission is None else f"{service}.{self.permission or self.name}"


def command(function: Callable[..., Any], *, permission: str | None = "", secret: bool = False) -> Door:
    """A door that changes something: one transaction, idempotency key, permission `<service>.<door>`.

    A problem that its function raises undoes all it did; one that it returns is answered just so, but what was written
    stays (a wrong password is counted). `secret`: passwords or keys are said here; a repeat is not done and answers None.
    """
    return Door("command", function, permission, secret=secret)


def query(function: Callable[..., Any], *, permission: str | None = "") -> Door:
    """A door that only reads."""
    return Door("query", function, permission)


def reaction(function: Callable[..., Any]) -> Door:
    """What we do when another service announces the event in the function's annotation.

    Where thousands come at once (an import), the function takes a `Sequence[News[…]]` instead: what was announced by one
    person in one go, in order, one of them or many. All of it is done, or none.
    """
    return Door("reaction", function, None)


def daily(at: str, function: Callable[..., Any]) -> Door:
    """A job for each day at a time of the branch's clock: once, whichever process does it, late rather than never."""
    return Door("job", function, None, at=time.fromisoformat(at))


def every(seconds: float, function: Callable[..., Any]) -> Door:
    """A job for each so many seconds: once, whichever process does it."""
    return Door("job", function, None, every=seconds)


class Driven(Protocol):
    """Something that does what is due when it is asked to, in the background of a process.

    It may have a `close()` that ends what was begun; asked when the process stops.
    """

    def run_due(self) -> float:
        """Do it, and give the seconds until it is worth asking again."""


class Service:
    """A part of the business with its own database, its doors and its ear for the news of others."""

    name: ClassVar[str] = ""
    entities: ClassVar[tuple[type[Any], ...]] = ()
    own_objects: ClassVar[type[Any] | None] = None
    """The mapped class that those of kinds of record are built on which the company defines itself; None: not kept here."""
    follows: ClassVar[tuple[type[Listed], ...]] = ()
    """Cards of other services' records that are kept here as replicas."""
    tells_changes_by: ClassVar[type[RecordsChanged] | None] = None
    """What programs that keep a copy of its records hear of each change by; None: they hear nothing."""
    drives: ClassVar[tuple[Callable[[House], Driven], ...]] = ()
    """What it does by itself beside jobs, such as talking to a mail server: made once for each process."""

    # the entity engine, once for all of a service's entities; it asks for rights by entity and action
    list = query(engine.list_rows, permission=None)
    search = query(searching.find, permission=None)
    grouped = query(grouping.grouped, permission=None)
    get = query(whole_row.get_row, permission=None)
    history = query(whole_row.history_of, permission=None)
    options = query(engine.options_of, permission=None)
    labels = query(engine.labels_of, permission=None)
    create = command(engine.create_row, permission=None)
    update = command(engine.update_row, permission=None)
    archive = command(engine.archive_row, permission=None)
    restore = command(engine.restore_row, permission=None)

    # the same for many at once: who may do it to one may do it to many
    change_many = command(batches.change_many, permission=None)
    pick_batch = command(batches.pick_batch, permission=None)
    check_batch = command(batches.check_batch, permission=None)
    run_batch = command(batches.run_batch, permission=None)
    take_back_batch = command(batches.take_back_batch, permission=None)
    batch = query(batches.batch, permission=None)
    batches = query(batches.batches, permission=None)

    # imports, likewise: `<service>.<entity>.import`
    start_import = command(transfer.start_import, permission=None)
    stage_rows = command(transfer.stage_rows, permission=None)
    check_import = command(transfer.check_import, permission=None)
    run_import = command(transfer.run_import, permission=None)
    cancel_job = command(transfer.cancel_job, permission=None)
    take_back = command(transfer.take_back, permission=None)
    job = query(transfer.job, permission=None)
    jobs = query(transfer.jobs, permission=None)
    bad_rows = query(transfer.bad_rows, permission=None)
    source = query(import_sources.source, permission=None)
    sources = query(import_sources.sources, permission=None)
    forget_source = command(import_sources.forget_source, permission=None)

    # making one of several, for entities whose class says `merged`: `<service>.<entity>.merge`
    merge = command(merging.merge, permission=None)
    unmerge = command(merging.unmerge, permission=None)
    merges = query(merging.merges, permission=None)
    plan_merges = query(merging_many.plan_merges, permission=None)
    merge_many = command(merging_many.merge_many, permission=None)
    unmerge_many = command(merging_many.unmerge_many, permission=None)
    duplicates = query(alike.duplicates, permission=None)
    mark_different = command(alike.mark_different, permission=None)
    unmark_different = command(alike.unmark_different, permission=None)
    differences = query(alike.differences, permission=None)

    # files on records: who may read the record may read them, who may change it may add some
    put_part = command(files.put_part, permission=None)
    attach_files = command(files.attach_files, permission=None)
    attachments = query(files.attachments, permission=None)
    attachment = query(files.attachment, permission=None)
    attachment_part = query(files.attachment_part, permission=None)
    rename_attachment = command(files.rename_attachment, permission=None)
    remove_attachment = command(files.remove_attachment, permission=None)
    restore_attachment = command(files.restore_attachment, permission=None)

    # remarks on records, in a service that has a `Comment` among its entities
    add_comment = command(remarks.add_comment)
    comments = query(remarks.comments, permission=None)
    my_comments = query(remarks.my_comments, permission="comment.read")
    colleagues = query(remarks.colleagues, permission="add_comment")
    correct_comment = command(remarks.correct_comment, permission="add_comment")
    remove_comment = command(remarks.remove_comment, permission=None)
    restore_comment = command(remarks.restore_comment, permission=None)

    # stars: what a person keeps at hand
    star = command(starring.star, permission=None)
    favourites = query(starring.favourites, permission=None)

    # own fields: what hangs on one, for whoever may delete it
    field_use = query(own_values.field_use, permission=None)

    # who has the form of a record open just now
    editing = command(editing.editing, permission=None)

    ping = query(health.ping, permission=None)

    # events on their way, for the administrator
    backlog = query(messages.backlog, permission="messages")
    parked = query(messages.parked, permission="messages")
    replay = command(messages.replay, permission="messages")
    replay_all = command(messages.replay_all, permission="messages")
    discard = command(messages.discard, permission="messages")

    @classmethod
    @cache
    def doors(cls) -> dict[str, Door]:
        """Every door by its name, inherited ones included."""
        return dict(inspect.getmembers(cls, lambda member: isinstance(member, Door)))

    @classmethod
    @cache
    def requests(cls) -> dict[str, Door]:
        """The doors that answer."""
        return {name: door for name, door in cls.doors().items() if door.kind in ("command", "query")}

    @classmethod
    @cache
    def reactions(cls) -> dict[str, Door]:
        return {name: door for name, door in cls.doors().items() if door.kind == "reaction"}

    @classmethod
    def clocked(cls) -> dict[str, Door]:
        """The doors that open by the clock."""
        return {name: door for name, door in cls.doors().items() if door.kind == "job"}

    @classmethod
    def hears(cls) -> dict[tuple[str, str], type[Event]]:
        """(source, type) → class of every event it listens to."""
        heard: set[type[Event]] = set(cls.follows)
        for door in cls.reactions().values():
            event = door.message
            if event is None or not issubclass(event, Event):
                raise TypeError(f"{cls.name}.{door.name}: its function's second parameter must be an event")
            heard.add(event)
        return {(event.service(), event.noun()): event for event in heard}


def _second_annotation(function: Callable[..., Any]) -> Any:
    names = list(inspect.signature(function).parameters)[:2]
    return typing.get_type_hints(function).get(names[1]) if len(names) > 1 else None
