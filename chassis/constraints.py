"""What a constraint of the database refuses, in words of ours."""

from __future__ import annotations

from psycopg2 import errors as pg
from sqlalchemy.exc import IntegrityError

from contracts.errors import AlreadyExists, NotFound, Problem


def broken(error: IntegrityError) -> Problem:
    """A constraint's refusal in words of ours; what we did not foresee stays a mistake of ours."""
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "") or ""
    if isinstance(error.orig, pg.UniqueViolation):
        return AlreadyExists(field=constraint.partition("_")[2])
    if isinstance(error.orig, pg.ForeignKeyViolation):
        return NotFound(entity=constraint, id="")
    raise error
