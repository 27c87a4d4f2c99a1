"""Run by Alembic: applies or compares the revisions of one service's database."""

from typing import Any

from alembic import context
from sqlalchemy import text

from chassis.database import ChassisBase

attributes = context.config.attributes
service_tables = attributes["tables"]
side = attributes.get("side")
"""Which side a new revision is for: «chassis», «service», or None when upgrading or checking both."""


def _include(_object: Any, name: str | None, type_: str, _reflected: bool, _compare_to: Any) -> bool:
    if type_ != "table" or side is None:
        return True
    return (name in ChassisBase.metadata.tables) == (side == "chassis")


connection = attributes["connection"]
# A migration that waits behind somebody's lock stops everybody behind it: better to fail and be run again.
# Committed at once: inside a transaction of ours Alembic would leave its own to us.
connection.execute(text("SET lock_timeout = '10s'"))
connection.commit()
context.configure(
    connection=connection,
    target_metadata=[ChassisBase.metadata, service_tables],
    include_object=_include,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
