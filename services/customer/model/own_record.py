"""Records of the kinds that the company defined itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from chassis.database import Kept, Owned, Searchable, Tagged
from contracts.customer.own_record import OwnRecord as Described
from contracts.customer.own_record import OwnRecordListed
from services.customer.model.base import Base


class OwnRecord(Tagged, Searchable, Owned, Kept, Base):
    """A row of any own object; `chassis.own_objects` makes a class of its own for each of them. At a customer it is that
    customer's, else whoever enters it has it."""

    record = Described
    listed = OwnRecordListed
    part_of = ("customer_id",)
    __table_args__ = (
        Index(
            "ix_own_record_object_code_created_at", "object_code", text("created_at DESC"), text("id DESC")
        ),
        Index("ix_own_record_customer_id", "customer_id"),
    )

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.ver, "polymorphic_on": "object_code", "polymorphic_abstract": True}

    object_code: Mapped[str] = mapped_column(String(40))
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    customer_id: Mapped[UUID | None] = mapped_column()
