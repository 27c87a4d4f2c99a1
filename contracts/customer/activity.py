"""What we did and planned with customers, and what reminds us of it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, field_validator

from contracts import kinds
from contracts.customer.series import Reach, Repetition, Unit
from contracts.language import N_
from contracts.lifecycle import Lifecycle
from contracts.message import Act, Command, Event, Message, Question, Record, TaggedRecord, attr

Remind = Literal["by_kind", "never", "at_start", "15_minutes_before", "1_hour_before", "1_day_before"]


class Activity(TaggedRecord):
    """Something done or planned with a lead or a customer: a visit, a call, a meeting. Its owner is who does it."""

    label = N_("Activity")
    plural = N_("Activities")
    icon = "calendar-event"
    title = ("subject",)
    sort = "-starts_at"
    at_once: ClassVar = {"complete": "", "cancel": "", "assign": "assign_activity"}
    lifecycle: ClassVar[Lifecycle | None] = Lifecycle(
        start="planned",
        edit=("planned", "done"),
        complete="planned -> done",
        cancel="planned -> cancelled",
        assign="planned",
        repeat="planned ->",
        change_series="planned ->",
        end_series="planned ->",
        move="planned ->",
    )

    kind_id: UUID = attr(
        N_("Kind"), ref="organization.choice", among={"list": "activity_kind"}, in_list=True, filter=True,
        synonyms=("类型", "活动类型", "跟进方式"),
    )  # fmt: skip
    subject: str = attr(N_("Subject"), in_list=True, filter=True, search=True, synonyms=("主题", "标题"))
    text: str | None = attr(N_("Text"), None, kind="long_text", search=True, synonyms=("内容", "说明"))
    lead_id: UUID | None = attr(N_("Lead"), None, ref="customer.lead", in_list=True, filter=True)
    customer_id: UUID | None = attr(
        N_("Customer"),
        None,
        ref="customer.customer",
        in_list=True,
        filter=True,
        synonyms=("客户", "客户名称"),
    )
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact", synonyms=("联系人",))
    opportunity_id: UUID | None = attr(N_("Opportunity"), None, ref="sales.opportunity", filter=True)
    starts_at: datetime = attr(
        N_("Starts at"), in_list=True, filter=True, synonyms=("开始时间", "时间", "日期")
    )
    ends_at: datetime | None = attr(N_("Ends at"), None, filter=True, synonyms=("结束时间",))
    done_at: datetime | None = attr(N_("Done at"), None, in_list=True, filter=True, synonyms=("完成时间",))
    outcome: str | None = attr(N_("Outcome"), None, kind="long_text", synonyms=("结果",))
    expense: Decimal | None = attr(
        N_("Expense"), None, kind="amount", minimum=0, filter=True, synonyms=("费用", "费用金额", "花费")
    )
    expense_kind_id: UUID | None = attr(
        N_("Kind of expense"), None, ref="organization.choice", among={"list": "expense_kind"}, filter=True,
        synonyms=("费用类别", "费用类型"),
    )  # fmt: skip
    remind: Remind = attr(
        N_("Remind"), "by_kind", help=N_("As its kind says (Administration → Reminders), or as you choose.")
    )
    segment_id: UUID | None = attr(N_("Segment"), None, ref="customer.segment", readonly=True, filter=True)
    repeats: str | None = attr(
        N_("Repetition"), None, kind="repetition", readonly=True, filter=True, max_length=100
    )
    state: str = attr(N_("State"), "planned", readonly=True, in_list=True, filter=True)


class FollowUpColumns(Message):
    """What a line of a file of leads or customers may tell of one follow-up there, and of the next step (users 2).

    Several lines about one company tell of several follow-ups. When it was and who did it is kept, also of colleagues who left.
    """

    follow_up_at: datetime | None = attr(
        N_("Follow-up at"), None, synonyms=("跟进时间", "跟进日期", "Follow-up date", "Activity date")
    )
    follow_up_kind_id: UUID | None = attr(
        N_("Kind of follow-up"), None, ref="organization.choice", among={"list": "activity_kind"},
        synonyms=("跟进方式", "跟进类型", "Activity type"), help=N_("Empty: other."),
    )  # fmt: skip
    follow_up_text: str | None = attr(
        N_("Follow-up"),
        None,
        kind="long_text",
        synonyms=("跟进内容", "跟进记录", "沟通记录", "Activity notes"),
    )
    follow_up_by_id: UUID | None = attr(
        N_("Followed up by"), None, ref="organization.staff", synonyms=("跟进记录人", "跟进人员", "Activity owner"),
        help=N_("Empty: whoever looks after the company."),
    )  # fmt: skip
    next_step: str | None = attr(N_("Next step"), None, synonyms=("下一步", "下一步计划", "下步计划"))
    next_step_at: datetime | None = attr(
        N_("Next step at"), None, synonyms=("下一步时间", "下次跟进时间", "Next step date")
    )


class ReminderRule(Record):
    """How long before an activity of one kind its owner is reminded; a kind may have several."""

    label = N_("Reminder")
    plural = N_("Reminders")
    icon = "bell-ringing"
    title = ("minutes",)
    sort = "minutes"

    kind_id: UUID = attr(
        N_("Kind"), ref="organization.choice", among={"list": "activity_kind"}, in_list=True, filter=True
    )
    minutes: int = attr(N_("Minutes before"), minimum=0, maximum=43_200, in_list=True)


class LogActivity(Command):
    """A visit or call that took place, and, when given, the next step that was agreed."""

    makes: ClassVar[type[Record] | None] = Activity
    settles: ClassVar[tuple[str, ...]] = ("starts_at", "done_at", "owner_id", "remind")

    id: UUID | None = None
    """The id of the activity, where whoever asks makes it."""
    kind_id: UUID = attr(N_("Kind"), ref="organization.choice", among={"list": "activity_kind"})
    subject: str = attr(N_("Subject"))
    text: str | None = attr(N_("Text"), None, kind="long_text")
    outcome: str | None = attr(N_("Outcome"), None, kind="long_text")
    lead_id: UUID | None = attr(N_("Lead"), None, ref="customer.lead")
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer")
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact")
    opportunity_id: UUID | None = attr(N_("Opportunity"), None, ref="sales.opportunity")
    happened_at: datetime | None = attr(N_("Happened at"), None)
    """Now unless told."""
    expense: Decimal | None = attr(N_("Expense"), None, kind="amount", minimum=0)
    expense_kind_id: UUID | None = attr(
        N_("Kind of expense"), None, ref="organization.choice", among={"list": "expense_kind"}
    )
    next_subject: str | None = attr(N_("Next step"), None)
    next_at: datetime | None = attr(N_("Next step at"), None)
    next_kind_id: UUID | None = attr(
        N_("Kind of next step"), None, ref="organization.choice", among={"list": "activity_kind"}
    )


class PlanActivity(Command, Repetition):
    """Something to do, for oneself or (by a manager) for one of his people; once, or again and again from then on (ACT-01)."""

    makes: ClassVar[type[Record] | None] = Activity
    settles: ClassVar[tuple[str, ...]] = ("done_at", "outcome", "expense", "expense_kind_id")

    id: UUID | None = None
    kind_id: UUID = attr(N_("Kind"), ref="organization.choice", among={"list": "activity_kind"})
    subject: str = attr(N_("Subject"))
    text: str | None = attr(N_("Text"), None, kind="long_text")
    lead_id: UUID | None = attr(N_("Lead"), None, ref="customer.lead")
    customer_id: UUID | None = attr(N_("Customer"), None, ref="customer.customer")
    contact_id: UUID | None = attr(N_("Contact"), None, ref="customer.contact")
    opportunity_id: UUID | None = attr(N_("Opportunity"), None, ref="sales.opportunity")
    starts_at: datetime = attr(N_("Starts at"))
    ends_at: datetime | None = attr(N_("Ends at"), None)
    owner_id: UUID | None = attr(N_("For"), None, ref="organization.staff")
    remind: Remind = attr(N_("Remind"), "by_kind")
    unit: Unit | None = attr(N_("Repeats by"), None, help=N_("Empty: it takes place once."))


class CompleteActivity(Act):
    """It was done; what came of it."""

    outcome: str | None = attr(N_("Outcome"), None, kind="long_text")
    done_at: datetime | None = attr(N_("Done at"), None)
    """Now unless told."""
    expense: Decimal | None = attr(N_("Expense"), None, kind="amount", minimum=0)
    expense_kind_id: UUID | None = attr(
        N_("Kind of expense"), None, ref="organization.choice", among={"list": "expense_kind"}
    )


class CancelActivity(Act):
    """It will not take place; of a series also not what comes after it, or none of it, if so wished."""

    reach: Reach = attr(N_("If it repeats"), "only_this")


class RepeatActivity(Act, Repetition):
    """The same again and again: each time is an activity of its own, up to a day, a number of times, or until somebody ends it.

    The hour stays the same on the actor's clock, summer and winter. A month without the day is left out. What has no end is
    planned half a year ahead, and on and on as time goes by.
    """

    unit: Unit = attr(N_("Repeats by"), "week")


class MoveActivity(Act):
    """At another time, as long as before unless told; of a series also all that follow or all, by as much on the clock."""

    starts_at: datetime = attr(N_("Starts at"))
    ends_at: datetime | None = attr(N_("Ends at"), None, help=N_("Empty: it takes as long as before."))
    reach: Reach = attr(N_("If it repeats"), "only_this")


class ChangeSeriesActivity(Act):
    """What a series is about, when and by whom: of this one, of this and all that follow, or of all that are still planned
    (ACT-04). What is left empty stays as it is; times move by as much on the clock."""

    reach: Reach = attr(N_("If it repeats"), "this_and_following")
    subject: str | None = attr(N_("Subject"), None)
    kind_id: UUID | None = attr(N_("Kind"), None, ref="organization.choice", among={"list": "activity_kind"})
    starts_at: datetime | None = attr(N_("Starts at"), None)
    ends_at: datetime | None = attr(N_("Ends at"), None)
    owner_id: UUID | None = attr(N_("For"), None, ref="organization.staff")


class EndSeriesActivity(Act):
    """A series goes on up to this day and no longer: what is planned behind it does not take place; what is done stays (ACT-01)."""

    last_on: date | None = attr(
        N_("Last day"), None, help=N_("What is planned after it is cancelled. Empty: today.")
    )


class AssignActivity(Act):
    """Somebody else is to do it."""

    owner_id: UUID = attr(N_("Assign to"), ref="organization.staff")


class CalendarOf(Question):
    """Activities that touch a span of time (`from` to `to`), of one person or of all whose activities the actor sees; with
    the contacts and private customers of these who have a birthday then (ACT-04, CAR-03)."""

    model_config = ConfigDict(populate_by_name=True)

    since: datetime = Field(alias="from")
    until: datetime = Field(alias="to")
    staff_id: UUID | None = None

    @field_validator("since", "until", mode="before")
    @classmethod
    def _moment(cls, value: Any) -> Any:
        return kinds.moment(value)


class MyDay(Question):
    """What lies on my desk today."""


class ActivityPlanned(Event):
    """Something is to be done by `owner_id`; comes again, with the new owner, when it is given to somebody else."""

    activity_id: UUID
    subject: str
    kind: str | None = None
    owner_id: UUID | None = None
    planned_by: UUID | None = None
    customer_id: UUID | None = None
    lead_id: UUID | None = None
    opportunity_id: UUID | None = None
    starts_at: datetime
    is_repeated: bool = False
    """One more of a series; of the first it was told already."""


class ActivityComesUp(Event):
    """It begins in so many minutes or less, and its owner is to be reminded. Once for each moment of reminding."""

    activity_id: UUID
    subject: str
    owner_id: UUID | None = None
    customer_id: UUID | None = None
    lead_id: UUID | None = None
    starts_at: datetime
    minutes: int
    wishes: tuple[str, ...] = ()
    """What the customer wishes of whoever deals with it, what to avoid first (NTF-03)."""


class ActivityDone(Event):
    """A visit, a call, a meeting took place. `kind` is the code of its kind in the list activity_kind."""

    activity_id: UUID
    kind: str | None = None
    subject: str
    customer_id: UUID | None = None
    lead_id: UUID | None = None
    opportunity_id: UUID | None = None
    owner_id: UUID | None = None
    done_at: datetime
