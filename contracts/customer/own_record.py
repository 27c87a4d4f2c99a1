"""Records of the kinds that the company defined itself (users 6): what all of them have in common."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from contracts.language import N_
from contracts.message import Listed, TaggedRecord, attr

PREFIX = "object_"
"""Begins the noun of every own object, so that no shipped record ever gets in its way."""


class OwnRecord(TaggedRecord):
    """One record of an own object. Each own object is described by a class built on this one (`contracts.own_objects`)."""

    name: str = attr(N_("Name"), in_list=True, filter=True, search=True, synonyms=("名称",))


NUMBER: Any = (
    str | None,
    attr(N_("Number"), None, readonly=True, in_list=True, filter=True, search=True, max_length=40),
)
"""The field of those own objects that have a number."""
CUSTOMER: Any = (
    UUID | None,
    attr(
        N_("Customer"), None, ref="customer.customer", in_list=True, filter=True, synonyms=("客户", "客户名称", "Company")
    ),
)  # fmt: skip
"""The field of those whose records belong to a customer."""


class OwnRecordListed(Listed):
    entity = "customer.own_record"
    carries: ClassVar[tuple[str, ...]] = ("object_code",)

    @property
    def card_of(self) -> str:
        """The own object it is one of."""
        return f"{self.service()}.{PREFIX}{self.data['object_code']}"
