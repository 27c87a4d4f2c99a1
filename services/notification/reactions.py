"""Who is told of what others announce. The reason names the fact, so that the same news tells nobody twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from chassis import merging
from chassis.work import Work
from contracts import comments, receivables, sales, service_desk
from contracts.customer import (
    ActivityComesUp,
    ActivityCommented,
    ActivityPlanned,
    BirthdayComesUp,
    ContactDue,
    CustomerHandedOver,
    CustomersStalled,
    LadderReported,
    LeadAssigned,
    LiesWithoutPlan,
    Loyalty,
    MergeUndone,
    NextStepsDue,
    RecordCommented,
    RecordsMerged,
    WebFormFilledIn,
    WentToPool,
    WishChanged,
)
from contracts.organization import ExportEnded
from contracts.receivables import (
    ContractApproved,
    ContractComesToEnd,
    ContractRejected,
    ContractSigned,
    ContractSubmitted,
    ExecutionChanged,
    InstalmentComesDue,
    InstalmentFellDue,
)
from contracts.sales import QuoteApproved, QuoteRejected, QuoteSubmitted
from contracts.service_desk import (
    DealHandoverAccepted,
    DealHandoverOpened,
    TicketAssigned,
    TicketOpened,
    WishConcernsService,
)
from services.notification import recipients
from services.notification.actions import notice


def remind_of_instalment(work: Work, event: InstalmentComesDue) -> None:
    """Money will soon be due: the rep may remind the customer."""
    _tell_of_instalment(work, "instalment_comes_due", event)


def tell_instalment_fell_due(work: Work, event: InstalmentFellDue) -> None:
    """Money is overdue: the rep must chase it (NTF-01, RCV-04)."""
    _tell_of_instalment(work, "instalment_fell_due", event)


def _tell_of_instalment(work: Work, kind: str, event: InstalmentComesDue | InstalmentFellDue) -> None:
    notice.tell(
        work, kind, event.owner_id, reason=f"{event.instalment_id}:{event.due_on}",
        link=f"/receivables/receivable/{event.receivable_id}",
        values={
            "contract_number": event.contract_number, "customer": event.customer_id, "amount": event.open_amount,
            "due_on": event.due_on,
        },
    )  # fmt: skip


def ask_for_quote_decision(work: Work, event: QuoteSubmitted) -> None:
    """The superior is to decide; without one, whoever leads the company."""
    to = [event.approver_id] if event.approver_id else recipients.holders(work, "general_manager")
    notice.tell_all(work, "quote_submitted", to, **_quote(work, event, event.requested_by))


def tell_quote_approved(work: Work, event: QuoteApproved) -> None:
    """The next step is with who asked, and with whose quote it is."""
    people = (event.requested_by, event.owner_id)
    notice.tell_all(work, "quote_approved", people, **_quote(work, event, event.decided_by, note=event.note))


def tell_quote_rejected(work: Work, event: QuoteRejected) -> None:
    """It must be changed first."""
    people = (event.requested_by, event.owner_id)
    notice.tell_all(work, "quote_rejected", people, **_quote(work, event, event.decided_by, note=event.note))


def _quote(
    work: Work, event: QuoteSubmitted | QuoteApproved | QuoteRejected, by: UUID, **more: Any
) -> dict[str, Any]:
    values = {
        "number": event.number, "name": event.name, "customer": event.customer_id, "amount": event.amount,
        "by": by, **more,
    }  # fmt: skip
    return {"reason": _this(work, event.quote_id), "link": f"/sales/quote/{event.quote_id}", "values": values}


def ask_for_contract_decision(work: Work, event: ContractSubmitted) -> None:
    """The superior is to decide; without one, whoever leads the company."""
    to = [event.approver_id] if event.approver_id else recipients.holders(work, "general_manager")
    notice.tell_all(work, "contract_submitted", to, **_contract(work, event))


def tell_contract_approved(work: Work, event: ContractApproved) -> None:
    """It may be signed now."""
    notice.tell(work, "contract_approved", event.owner_id, **_contract(work, event))


def tell_contract_rejected(work: Work, event: ContractRejected) -> None:
    """It must be changed first."""
    notice.tell(work, "contract_rejected", event.owner_id, **_contract(work, event, note=event.note))


def remind_of_end(work: Work, event: ContractComesToEnd) -> None:
    """A contract will end: time to speak of the next one (users 13)."""
    notice.tell(
        work, "contract_comes_to_end", event.owner_id, reason=f"{event.contract_id}:{event.ends_on}",
        link=f"/receivables/contract/{event.contract_id}",
        values={"number": event.number, "name": event.name, "customer": event.customer_id, "ends_on": event.ends_on},
    )  # fmt: skip


def tell_contract_signed(work: Work, event: ContractSigned) -> None:
    """Those who keep the books see to the money from now on, and the rep knows (NTF-02)."""
    people = [*recipients.holders(work, "accountant"), event.owner_id]
    notice.tell_all(work, "contract_signed", people, **_contract(work, event, signed_on=event.signed_on))


def tell_execution_changed(work: Work, event: ExecutionChanged) -> None:
    """A change of the plan reaches everybody who carries it out (CTR-04)."""
    notice.tell_all(work, "execution_changed", event.executor_ids, **_contract(work, event))


def _contract(
    work: Work,
    event: ContractSubmitted | ContractApproved | ContractRejected | ContractSigned | ExecutionChanged,
    **more: Any,
) -> dict[str, Any]:
    values = {
        "number": event.number, "name": event.name, "customer": event.customer_id, "by": _by(work),
        "amount": getattr(event, "amount", None), **more,
    }  # fmt: skip
    link = f"/receivables/contract/{event.contract_id}"
    return {"reason": _this(work, event.contract_id), "link": link, "values": values}


def tell_ticket_opened(work: Work, event: TicketOpened) -> None:
    """The rep knows what her customer asks of us."""
    notice.tell(work, "ticket_opened", event.customer_owner_id, **_ticket(work, event))


def tell_ticket_assigned(work: Work, event: TicketAssigned) -> None:
    """Somebody has something to deal with."""
    notice.tell(work, "ticket_assigned", event.owner_id, **_ticket(work, event))


def _ticket(work: Work, event: TicketOpened | TicketAssigned) -> dict[str, Any]:
    values = {
        "number": event.number, "subject": event.subject, "customer": event.customer_id, "due_at": event.due_at,
        "by": _by(work),
    }  # fmt: skip
    link = f"/service_desk/ticket/{event.ticket_id}"
    return {"reason": _this(work, event.ticket_id), "link": link, "values": values}


def tell_activity_planned(work: Work, event: ActivityPlanned) -> None:
    """Somebody else planned something for her (ACT-03); of a series she is told once."""
    if event.is_repeated:
        return
    notice.tell(
        work, "activity_planned", event.owner_id, reason=_this(work, event.activity_id),
        link=f"/customer/activity/{event.activity_id}",
        values={
            "subject": event.subject, "customer": event.customer_id, "with": event.customer_id or event.lead_id,
            "starts_at": event.starts_at,
            "by": event.planned_by or _by(work),
        },
    )  # fmt: skip


def remind_of_activity(work: Work, event: ActivityComesUp) -> None:
    """What she planned begins soon (ACT-01, users 13)."""
    notice.tell(
        work, "activity_comes_up", event.owner_id, reason=f"{event.activity_id}:{event.starts_at.isoformat()}:{event.minutes}",
        link=f"/customer/activity/{event.activity_id}",
        values={
            "subject": event.subject, "customer": event.customer_id, "with": event.customer_id or event.lead_id,
            "starts_at": event.starts_at, "wishes": _wishes(event),
        },
    )  # fmt: skip


def remind_of_birthday(work: Work, event: BirthdayComesUp) -> None:
    """Time to congratulate, as they like it (CAR-03, NTF-03)."""
    notice.tell(
        work, "birthday_comes_up", event.owner_id, reason=f"{event.record_id}:{event.on}",
        link=f"/{event.about.replace('.', '/')}/{event.record_id}",
        values={"name": event.name, "customer": event.customer_id, "on": event.on, "wishes": _wishes(event)},
    )  # fmt: skip


def _wishes(event: ActivityComesUp | BirthdayComesUp) -> str:
    """What the customer wishes of whoever deals with it, a line each."""
    return "\n".join(f"♥ {wish}" for wish in event.wishes)


WITHOUT_PLAN = {"customer.customer": "customers_without_plan", "customer.lead": "leads_without_plan"}
BETWEEN = "、"
STEPS: tuple[str, ...] = Loyalty.__args__  # type: ignore[attr-defined]


def remind_of_missing_plans(work: Work, event: LiesWithoutPlan) -> None:
    """Some of hers have had neither contact nor plan for too long (users 13)."""
    asked = {
        "customer.customer": f"last_activity_at__ne=last_{event.days - 1}_days&next_activity_at__empty=yes",
        "customer.lead": "state=new&state=following&next_step_on__empty=yes",
    }[event.about]
    notice.tell(
        work, WITHOUT_PLAN[event.about], event.owner_id, reason=f"{event.on}:{event.days}",
        link=f"/{event.about.replace('.', '/')}?owner_id=me&{asked}",
        values={"count": event.count, "days": event.days, "names": BETWEEN.join(event.names)},
    )  # fmt: skip


def tell_of_stalled_customers(work: Work, event: CustomersStalled) -> None:
    """Nothing moves with some of hers any more (CUS-07)."""
    notice.tell(
        work, "customers_stalled", event.owner_id, reason=str(event.on),
        link="/customer/customer?owner_id=me&stalls_on__lte=today&is_lost=no",
        values={"count": event.count, "names": BETWEEN.join(event.names)},
    )  # fmt: skip


def tell_contact_is_due(work: Work, event: ContactDue) -> None:
    """The class of some of hers asks for contact more often (CUS-05)."""
    asked = f"value_class={event.value_class}&last_activity_at__ne=last_{event.days - 1}_days&is_lost=no"
    notice.tell(
        work, "contact_due", event.owner_id, reason=f"{event.on}:{event.value_class}",
        link=f"/customer/customer?owner_id=me&{asked}",
        values={"count": event.count, "days": event.days, "names": BETWEEN.join(event.names)},
    )  # fmt: skip


def tell_of_ladder(work: Work, event: LadderReported) -> None:
    """How many customers stood where at the end of the month, and who moved (CUS-06)."""
    names = {"went_up": event.went_up, "went_down": event.went_down}
    notice.tell(
        work, "ladder_reported", event.staff_id, reason=str(event.to_on),
        link=f"/ladder?from_on={event.from_on}&to_on={event.to_on}",
        values={
            "until": event.to_on, "up": event.up, "down": event.down,
            **{step: event.counts.get(step, 0) for step in STEPS},
            **{name: BETWEEN.join(told) or None for name, told in names.items()},
        },
    )  # fmt: skip


def remind_of_next_steps(work: Work, event: NextStepsDue) -> None:
    """What she wrote down as the next step with leads is due (users 13)."""
    notice.tell(
        work, "next_steps_due", event.owner_id, reason=str(event.on),
        link="/customer/lead?owner_id=me&state=new&state=following&next_step_on__lte=today",
        values={"count": event.count, "names": BETWEEN.join(event.names)},
    )  # fmt: skip


def tell_wish_changed(work: Work, event: WishChanged) -> None:
    """Serve them as they like it from now on: told to its owner and whoever else deals with the customer (CUS-21, NTF-03)."""
    _tell_wish(work, event, (event.owner_id, *event.also_ids), _by(work))


def tell_wish_to_service(work: Work, event: WishConcernsService) -> None:
    """The same to whoever has an open ticket of that customer, or took over what was sold there."""
    _tell_wish(work, event, event.staff_ids, event.told_by)


def _tell_wish(
    work: Work, event: WishChanged | WishConcernsService, to: Iterable[UUID | None], by: UUID | None
) -> None:
    notice.tell_all(
        work, "wish_changed", [id for id in to if id != by], reason=_this(work, event.wish_id),
        link=f"/customer/customer/{event.customer_id}",
        values={"customer": event.customer_id, "text": event.text, "by": by},
    )  # fmt: skip


def tell_activity_commented(work: Work, event: ActivityCommented) -> None:
    """A remark on what she did or plans (STF-07), and to whoever it mentions."""
    link = f"/customer/activity/{event.activity_id}"
    _tell_mentioned(work, event, event.subject, link)
    if event.owner_id not in event.mentioned_ids and not event.is_corrected:
        notice.tell(
            work, "activity_commented", event.owner_id, reason=str(event.comment_id), link=link,
            values={"subject": event.subject, "text": event.text, "by": event.author_id},
        )  # fmt: skip


def tell_record_commented(work: Work, event: RecordCommented) -> None:
    """A remark on a lead, a customer, a contact of hers, and to whoever it mentions."""
    _tell_remark(work, event)


def tell_sales_commented(work: Work, event: sales.RecordCommented) -> None:
    """The same on an opportunity, a quote."""
    _tell_remark(work, event)


def tell_receivables_commented(work: Work, event: receivables.RecordCommented) -> None:
    """The same on a contract, on money."""
    _tell_remark(work, event)


def tell_service_commented(work: Work, event: service_desk.RecordCommented) -> None:
    """The same on a ticket, an article."""
    _tell_remark(work, event)


def _tell_remark(work: Work, event: comments.RecordCommented) -> None:
    link = f"/{event.about.replace('.', '/')}/{event.record_id}"
    _tell_mentioned(work, event, event.name, link)
    if event.owner_id not in event.mentioned_ids and not event.is_corrected:
        notice.tell(
            work, "record_commented", event.owner_id, reason=str(event.comment_id), link=link,
            values={"name": event.name, "text": event.text, "by": event.author_id},
        )  # fmt: skip


def _tell_mentioned(
    work: Work, event: ActivityCommented | comments.RecordCommented, name: str, link: str
) -> None:
    """Once for each remark, however often it names her, and instead of what its owner would be told."""
    values = {"name": name, "text": event.text, "by": event.author_id}
    notice.tell_all(
        work, "mentioned", event.mentioned_ids, reason=str(event.comment_id), link=link, values=values
    )


def tell_web_form_filled_in(work: Work, event: WebFormFilledIn) -> None:
    """Somebody on the website waits for an answer (users 7); of what programs may have written she hears once a day for a form."""
    kind, reason = ("web_form_filled_in", str(event.lead_id))
    if event.is_suspect:
        kind, reason = ("web_form_suspect", f"{event.form_name}:{work.today}")
    notice.tell(
        work, kind, event.owner_id, reason=reason, link=f"/customer/lead/{event.lead_id}",
        values={"name": event.name, "contact": event.contact_name, "need": event.need, "form": event.form_name},
    )  # fmt: skip


def tell_customer_handed_over(work: Work, event: CustomerHandedOver) -> None:
    """She looks after the customer from now on."""
    _tell_given(work, "customer_handed_over", event, "customer/customer", event.customer_id)


def tell_lead_assigned(work: Work, event: LeadAssigned) -> None:
    """She is to work the lead (LED-07)."""
    _tell_given(work, "lead_assigned", event, "customer/lead", event.lead_id)


def _tell_given(work: Work, kind: str, event: CustomerHandedOver | LeadAssigned, page: str, id: UUID) -> None:
    """With the reason, where it is more than the rules let her hold (LED-08)."""
    notice.tell(
        work, kind, event.to_id, reason=_this(work, id), link=f"/{page}/{id}",
        values={
            "number": event.number, "name": event.name, "note": event.note, "beyond_limit": event.beyond_limit or "",
            "by": _by(work),
        },
    )  # fmt: skip


def tell_went_to_pool(work: Work, event: WentToPool) -> None:
    """She followed it up too seldom: somebody else may have it now (LED-07). What she released herself she knows."""
    if event.idle_days is not None:
        notice.tell(
            work, "went_to_pool", event.from_id, reason=_this(work, event.record_id), link="/pool/" + event.about.rpartition(".")[2],
            values={"number": event.number, "name": event.name, "days": event.idle_days},
        )  # fmt: skip


def ask_to_take_over_deal(work: Work, event: DealHandoverOpened) -> None:
    """Who leads service in that branch finds somebody; where nobody leads it, the engineers do."""
    people = recipients.holders(work, "service_manager", event.branch_id)
    notice.tell_all(
        work, "deal_handover_opened", people or recipients.holders(work, "service_engineer", event.branch_id),
        reason=str(event.deal_handover_id), link=f"/service_desk/deal_handover/{event.deal_handover_id}",
        values={
            "number": event.number, "contract_number": event.contract_number, "customer": event.customer_id,
            "seller": event.from_id,
        },
    )  # fmt: skip


def tell_deal_taken_over(work: Work, event: DealHandoverAccepted) -> None:
    """The rep knows who looks after what she sold."""
    notice.tell(
        work, "deal_handover_accepted", event.from_id, reason=str(event.deal_handover_id),
        link=f"/service_desk/deal_handover/{event.deal_handover_id}",
        values={
            "number": event.number, "contract_number": event.contract_number, "customer": event.customer_id,
            "by": event.to_id,
        },
    )  # fmt: skip


def _by(work: Work) -> UUID | None:
    """Who did what we heard of."""
    return work.cause.actor_id if work.cause is not None else None


def _this(work: Work, about: UUID) -> str:
    """A reason for what may happen to one thing again and again: each time is told, and told once."""
    return f"{about}:{work.cause.id if work.cause is not None else ''}"


def tell_export_ended(work: Work, event: ExportEnded) -> None:
    """A file that took its time is there, or will not come; its owner may be at something else by now (DAT-04)."""
    kind = "export_ready" if event.is_ready else "export_failed"
    notice.tell(
        work, kind, event.owner_id, reason=str(event.export_id), link=f"/organization/export/{event.export_id}",
        values={"name": event.name, "count": event.rows},
    )  # fmt: skip


def follow_merge(work: Work, event: RecordsMerged) -> None:
    """What referred to a record that went refers to the kept one."""
    for gone_id in event.gone_ids:
        merging.turn(work, event.merge_id, event.entity, gone_id, event.kept_id)


def follow_unmerge(work: Work, event: MergeUndone) -> None:
    """What that merge turned refers to where it did before."""
    merging.turn_back(work, event.merge_id)
