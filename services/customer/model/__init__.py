"""The tables of the customer service: leads, customers, contacts, activities, comments."""

from services.customer.model.activity import Activity
from services.customer.model.base import Base
from services.customer.model.comment import Comment
from services.customer.model.customer import Contact, Customer
from services.customer.model.dealing import Dealing
from services.customer.model.former import FormerContract
from services.customer.model.lead import Lead
from services.customer.model.lifecycle import LifecycleMark, LifecycleStage
from services.customer.model.open_series import OpenSeries
from services.customer.model.own_record import OwnRecord
from services.customer.model.people import ContactLink, Employment, Stakeholder, Wish
from services.customer.model.plan import ResourcePlan, ResourcePlanLine
from services.customer.model.point_rule import PointRule
from services.customer.model.pool_rule import PoolRule
from services.customer.model.reminder import BirthdayRule, Nudged, Reminded, ReminderRule
from services.customer.model.reported import ContactRhythm, LadderReport
from services.customer.model.segment import Segment, SegmentMember
from services.customer.model.value_indicator import ValueDimension, ValueIndicator
from services.customer.model.value_rule import RulesApplied, ValueRule
from services.customer.model.web_form import WebForm, WebFormSender

__all__ = [
    "Activity",
    "Base",
    "BirthdayRule",
    "Comment",
    "Contact",
    "ContactLink",
    "ContactRhythm",
    "Customer",
    "Dealing",
    "Employment",
    "FormerContract",
    "LadderReport",
    "Lead",
    "LifecycleMark",
    "LifecycleStage",
    "Nudged",
    "OpenSeries",
    "OwnRecord",
    "PointRule",
    "PoolRule",
    "Reminded",
    "ReminderRule",
    "ResourcePlan",
    "ResourcePlanLine",
    "RulesApplied",
    "Segment",
    "SegmentMember",
    "Stakeholder",
    "ValueDimension",
    "ValueIndicator",
    "ValueRule",
    "WebForm",
    "WebFormSender",
    "Wish",
]
