"""Cards of other services' records, as a service under test hears them: the cast, where they work, who their customers are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.actor import Actor
from contracts.message import Listed
from contracts.organization import BranchListed, DepartmentListed, StaffListed
from tests.cast import BEIJING, SALES, SALES_SH, SHANGHAI


def card(cls: type[Listed], id: UUID, label: str, label_en: str | None = None, **data: Any) -> Any:
    """One card; data as it travels."""
    plain = {name: str(value) if isinstance(value, UUID) else value for name, value in data.items()}
    return cls(record_id=id, epoch=1, ver=1, label=label, label_en=label_en, data=plain)


def company(*people: Actor) -> list[Listed]:
    """Two branches, their sales departments, and these people in them."""
    return [
        card(BranchListed, BEIJING, "北京", "Beijing", code="HQ", timezone="Asia/Shanghai", is_headquarters=True),
        card(BranchListed, SHANGHAI, "上海", "Shanghai", code="SH", timezone="Asia/Shanghai", is_headquarters=False),
        card(DepartmentListed, SALES, "销售部", "Sales", branch_id=BEIJING, parent_id=None),
        card(DepartmentListed, SALES_SH, "上海销售部", "Sales Shanghai", branch_id=SHANGHAI, parent_id=None),
        *(
            card(
                StaffListed, who.id, who.name, login=who.name.lower(), email=f"{who.name.lower()}@example.com",
                language="zh_CN", branch_id=who.branch_id, department_id=who.department_id,
                manager_id=who.manager_id, state="active",
            )
            for who in people
        ),
    ]  # fmt: skip
