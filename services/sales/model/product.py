"""What we sell: major class A, minor class A01, product A0101."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, exists, or_, select
from sqlalchemy.orm import Mapped, mapped_column, synonym

from chassis.audit import changed
from chassis.database import Kept, Money, Searchable, Tagged
from chassis.work import Work
from contracts import sales as messages
from contracts.errors import FieldProblem, Invalid
from contracts.money import HOME_CURRENCY
from services.sales import rules
from services.sales.model.base import Base


class ProductClass(Searchable, Kept, Base):
    """A major class, or a minor class inside one."""

    record = messages.ProductClass
    listed = messages.ProductClassListed

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("product_class.id"), index=True)
    number = synonym("code")

    def check(self, work: Work) -> None:
        """A minor class carries on the code of its major class; what stands below a class keeps its code in place."""
        if not changed(self, "code", "parent_id"):
            return
        parent = work.read(ProductClass, self.parent_id) if self.parent_id else None
        if parent is not None and parent.parent_id is not None:
            raise Invalid(FieldProblem("parent_id", "not_a_choice", value=parent.code))
        self.code = rules.code(self.code, parent.code if parent else None)
        if self.ver is not None and self._holds_any(work):
            raise Invalid(FieldProblem("code", "readonly"))

    def in_use(self, work: Work) -> bool:
        """A class with anything in it that is still sold."""
        return self._holds_any(work, archived=False)

    def _holds_any(self, work: Work, *, archived: bool = True) -> bool:
        classes = exists().where(ProductClass.parent_id == self.id)
        products = exists().where(Product.class_id == self.id)
        if not archived:
            classes = classes.where(ProductClass.archived_at.is_(None))
            products = products.where(Product.archived_at.is_(None))
        return bool(work.session.scalar(select(or_(classes, products))))


class Product(Searchable, Tagged, Kept, Base):
    """Something we sell, at a list price."""

    record = messages.Product
    listed = messages.ProductListed

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str | None] = mapped_column(String(200))
    class_id: Mapped[UUID] = mapped_column(ForeignKey("product_class.id"), index=True)
    spec: Mapped[str | None] = mapped_column(String(200))
    model: Mapped[str | None] = mapped_column(String(200))
    unit_price: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3), default=HOME_CURRENCY)
    unit: Mapped[str | None] = mapped_column(String(20))
    remark: Mapped[str | None] = mapped_column(Text)
    number = synonym("code")

    def check(self, work: Work) -> None:
        """A product stands in a minor class and carries on its code."""
        if not changed(self, "code", "class_id"):
            return
        group = work.read(ProductClass, self.class_id)
        if group.parent_id is None:
            raise Invalid(FieldProblem("class_id", "not_a_choice", value=group.code))
        self.code = rules.code(self.code, group.code)
