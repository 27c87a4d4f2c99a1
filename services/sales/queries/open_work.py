"""What is open, stage by stage: the board, the pipeline and the forecast add up by the same rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import aliased

from chassis import filters, labels
from chassis.entities import by_entity, values
from chassis.work import Work
from contracts.errors import FieldProblem, Invalid
from contracts.query import Label, Query
from contracts.sales import (
    Board,
    BoardOf,
    Column,
    DeciderAskedFor,
    Forecast,
    ForecastOf,
    OwnerSum,
    Pipeline,
    PipelineOf,
    StageSum,
    Sum,
)
from services.sales.model import Opportunity, Stage

CARD = (
    "id", "ver", "number", "name", "customer_id", "contact_id", "owner_id", "stage_id", "expected_amount",
    "expected_on", "stage_since",
)  # fmt: skip
"""What stands on a card of the board."""

Cards = tuple[list[Opportunity], str | None]
"""Some cards of one column, and where it goes on."""


def board(work: Work, message: BoardOf) -> Board:
    """The columns with their sums and first cards; one column further down when asked."""
    query = _open(message.owner_id, message.text)
    cells = _cells(work, query)
    stages = [stage for stage in _stages(work, cells) if message.stage_id in (None, stage.id)]
    sums = _grouped(cells, "stage_id")
    if message.stage_id is not None and message.after is not None:
        cards = {message.stage_id: _further(work, query, message)}
    else:
        cards = _first_cards(work, query, [stage.id for stage in stages], message.limit)
    asks = Stage.asking_for_decider(work)
    columns = {name: a for name, a in Opportunity.record.attrs().items() if name in CARD}
    shown = [row for rows, _ in cards.values() for row in rows]
    return Board(
        **_total(cells),
        columns=[
            Column(
                stage_id=stage.id,
                success_rate=stage.success_rate,
                **sums.get(stage.id, {}),
                asks_for_decider=asks(stage),
                cards=[values(row, columns) for row in cards.get(stage.id, ([], None))[0]],
                next=cards.get(stage.id, ([], None))[1],
            )
            for stage in stages
        ],
        labels=labels.behind_fields(work, shown, columns, by_entity(work)) | _names(stages),
    )


def decider_asked_for(work: Work, message: DeciderAskedFor) -> bool:
    """Of an open one, by the stage it stands at."""
    found = work.read(Opportunity, message.opportunity_id)
    stage = work.session.get(Stage, found.stage_id)
    return found.state == "open" and stage is not None and Stage.asking_for_decider(work)(stage)


def pipeline(work: Work, message: PipelineOf) -> Pipeline:
    """How much is open, whenever it is expected."""
    return Pipeline(**_covered(work, _open(message.owner_id)))


def forecast(work: Work, message: ForecastOf) -> Forecast:
    """Σ expected amount × success rate of the present stage, over what is expected in the period."""
    start, end = message.from_on, message.to_on
    if start is not None and end is not None and end < start:
        raise Invalid(FieldProblem("to_on", "before", date=start))
    query = _open(message.owner_id)
    within: dict[str, Any] = {"expected_on__empty": False}
    within |= {"expected_on__gte": start} if start else {}
    within |= {"expected_on__lte": end} if end else {}
    return Forecast(
        **_covered(work, _narrowed(query, within)),
        from_on=start,
        to_on=end,
        undated=_count(work, _narrowed(query, {"expected_on__empty": True})),
        earlier=_count(work, _narrowed(query, {"expected_on__lt": start})) if start else 0,
    )


def worth() -> Any:
    """`rules.weighted` as SQL."""
    return func.round(Opportunity.expected_amount * Stage.success_rate / 100, 2)


def _open(owner_id: UUID | None, text: str | None = None) -> Query:
    return Query(where={"state": "open"} | ({"owner_id": owner_id} if owner_id else {}), text=text)


def _narrowed(query: Query, where: dict[str, Any]) -> Query:
    return query.model_copy(update={"where": query.where | where})


@dataclass(frozen=True)
class Cell:
    """What one owner has open at one stage."""

    stage_id: UUID
    owner_id: UUID | None
    count: int
    amount: Decimal
    weighted: Decimal
    unpriced: int


def _cells(work: Work, query: Query) -> list[Cell]:
    """Everything added up in one look; stages, owners and totals are sums of these."""
    found = (
        filters.chosen(work, Opportunity, query)
        .join(Stage, Stage.id == Opportunity.stage_id)
        .with_only_columns(
            Opportunity.stage_id,
            Opportunity.owner_id,
            func.count(),
            func.coalesce(func.sum(Opportunity.expected_amount), 0),
            func.coalesce(func.sum(worth()), 0),
            func.count().filter(Opportunity.expected_amount.is_(None)),
        )
        .group_by(Opportunity.stage_id, Opportunity.owner_id)
    )
    return [Cell(*row) for row in work.session.execute(found)]


def _total(cells: Iterable[Cell]) -> dict[str, Any]:
    total = dict(Sum())
    for cell in cells:
        total = {name: value + getattr(cell, name) for name, value in total.items()}
    return total


def _grouped(cells: list[Cell], by: str) -> dict[Any, dict[str, Any]]:
    """The sums for each stage or owner, the largest first."""
    keys = {getattr(cell, by) for cell in cells}
    sums = {key: _total(cell for cell in cells if getattr(cell, by) == key) for key in keys}
    return dict(sorted(sums.items(), key=lambda item: (-item[1]["weighted"], str(item[0]))))


def _covered(work: Work, query: Query) -> dict[str, Any]:
    """The sums, and what they cover."""
    cells = _cells(work, query)
    stages, by_stage, by_owner = (
        _stages(work, cells),
        _grouped(cells, "stage_id"),
        _grouped(cells, "owner_id"),
    )
    with work.everything():
        company = _count(work, query)
    staff = {"organization.staff": {id for id in by_owner if id is not None}}
    return {
        **_total(cells),
        "company": company,
        "unpriced": sum(cell.unpriced for cell in cells),
        "scope": work.actor.scope("sales.opportunity.read") or "none",
        "stages": [
            StageSum(stage_id=stage.id, success_rate=stage.success_rate, **by_stage.get(stage.id, {}))
            for stage in stages
        ],
        "owners": [OwnerSum(owner_id=id, **found) for id, found in by_owner.items()],
        "labels": labels.named(work, staff, by_entity(work)) | _names(stages),
    }


def _stages(work: Work, cells: list[Cell]) -> list[Stage]:
    """The stages in use, and those put away at which something still stands."""
    here = {cell.stage_id for cell in cells}
    found = select(Stage).where(Stage.archived_at.is_(None) | Stage.id.in_(here))
    return list(work.session.scalars(found.order_by(Stage.position, Stage.id)))


def _names(stages: list[Stage]) -> dict[str, Label]:
    return {str(stage.id): labels.of(stage) for stage in stages}


def _count(work: Work, query: Query) -> int:
    found = filters.chosen(work, Opportunity, query).with_only_columns(func.count(Opportunity.id))
    return int(work.session.execute(found).scalar_one())


def _first_cards(work: Work, query: Query, stage_ids: list[UUID], limit: int) -> dict[UUID, Cards]:
    """The top of every column, in one statement."""
    top = (
        filters.chosen(work, Opportunity, query)
        .where(Opportunity.stage_id == Stage.id)
        .order_by(Opportunity.stage_since.desc(), Opportunity.id.desc())
        .limit(limit + 1)
        .correlate(Stage)
        .lateral("top")
    )
    card = aliased(Opportunity, top)
    found: Select[Any] = select(card).select_from(Stage).join(top, true()).where(Stage.id.in_(stage_ids))
    held: dict[UUID, list[Opportunity]] = {}
    for row in work.session.scalars(found.order_by(card.stage_since.desc(), card.id.desc())):
        held.setdefault(row.stage_id, []).append(row)
    return {id: (rows[:limit], _beyond(rows, limit)) for id, rows in held.items()}


def _beyond(rows: list[Opportunity], limit: int) -> str | None:
    last = rows[:limit][-1]
    return filters.cursor(last.stage_since, last.id) if len(rows) > limit else None


def _further(work: Work, query: Query, message: BoardOf) -> Cards:
    """The next cards of one column."""
    column = _narrowed(query, {"stage_id": message.stage_id})
    below = {"sort": "-stage_since", "after": message.after, "limit": message.limit}
    return filters.page(work, Opportunity, column.model_copy(update=below))
