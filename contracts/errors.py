"""Everything that can be answered instead of a result.

    Problem
    ├── Unauthenticated   401  who are you?
    ├── Forbidden         403  you may not do that
    ├── NotFound          404  not there, or not for your eyes: the same answer
    ├── Refused           409  a rule of the trade says no
    │   ├── ChangedMeanwhile   somebody saved before you
    │   ├── IllegalTransition  the document is in another state
    │   ├── AlreadyExists      a value that must be unique is taken
    │   ├── KeyReused          an idempotency key came again with other content
    │   └── InUse              others still refer to it
    ├── Invalid           422  the input is wrong, field by field
    ├── VersionMissing    428  which version of the record did you see?
    ├── TooLarge          413  more than we take at once
    ├── TooMany           429  too often; wait
    └── Unavailable       503  a part does not answer; try again

A problem is a class name plus parameters that are strings (they travel in JSON); sentences are made at the gateway, per
language, from `pattern`. Leaves that belong to one service stand beside that service's messages.
"""

from __future__ import annotations

from typing import Any, ClassVar

from contracts.language import N_


class Problem(Exception):
    """An answer that is not a result: a code (the class name) and parameters, never prose."""

    status: ClassVar[int] = 400
    pattern: ClassVar[str] = N_("This could not be done.")
    known: ClassVar[dict[str, type[Problem]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        Problem.known[cls.__name__] = cls

    def __init__(self, **params: Any) -> None:
        self.params: dict[str, str] = {name: str(value) for name, value in params.items()}
        super().__init__(f"{type(self).__name__}({self.params})")

    def as_dict(self) -> dict[str, Any]:
        """The shape in which a problem travels in a reply."""
        return {"code": type(self).__name__, "kind": self.kind(), "params": self.params}

    @classmethod
    def kind(cls) -> str:
        """The branch of the tree this problem hangs on; readers that do not know the leaf go by it."""
        for base in reversed(cls.__mro__):
            if base in _KINDS:
                return base.__name__
        return "Problem"

    @staticmethod
    def from_dict(data: dict[str, Any]) -> Problem:
        """The same class on the caller's side; an unknown leaf becomes its kind."""
        cls = Problem.known.get(data.get("code", "")) or Problem.known.get(data.get("kind", ""), Problem)
        problem = cls.__new__(cls)
        Problem.__init__(problem, **data.get("params", {}))
        if isinstance(problem, Invalid):
            problem.fields = [FieldProblem.from_dict(item) for item in data.get("fields", [])]
        return problem


class Unauthenticated(Problem):
    status = 401
    pattern = N_("Please sign in.")


class Forbidden(Problem):
    """Raised with `permission`."""

    status = 403
    pattern = N_("You are not allowed to do this.")


class NotFound(Problem):
    """Raised with `entity` and `id`."""

    status = 404
    pattern = N_("This does not exist.")


class Refused(Problem):
    status = 409
    pattern = N_("This is not possible now.")


class ChangedMeanwhile(Refused):
    """Raised with `entity`, `id` and `ver`, the version that is stored now."""

    pattern = N_("Somebody else saved this record while you were editing it. Nothing of yours was saved yet.")


class IllegalTransition(Refused):
    """Raised with `verb` and `state`."""

    pattern = N_("Not possible in the state “{state}”.")


class AlreadyExists(Refused):
    """Raised with `field` (or the constraint's name)."""

    pattern = N_("There is already one with this value: {field}.")


class KeyReused(Refused):
    pattern = N_("This idempotency key was already used for something else.")


class InUse(Refused):
    pattern = N_("Others still refer to this record.")


class FieldProblem:
    """One wrong field: its name (dotted for lines, `lines.2.amount`), a code and the code's parameters."""

    def __init__(self, field: str, code: str, **params: Any) -> None:
        self.field, self.code = field, code
        self.params = {name: str(value) for name, value in params.items()}

    def as_dict(self) -> dict[str, Any]:
        return {"field": self.field, "code": self.code, "params": self.params}

    @staticmethod
    def from_dict(data: dict[str, Any]) -> FieldProblem:
        return FieldProblem(data["field"], data["code"], **data.get("params", {}))

    def __repr__(self) -> str:
        return f"FieldProblem({self.field}: {self.code} {self.params})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FieldProblem) and self.as_dict() == other.as_dict()

    def __hash__(self) -> int:
        return hash((self.field, self.code))


class Invalid(Problem):
    """The input is wrong; `fields` says where and why."""

    status = 422
    pattern = N_("Please check what you entered.")

    def __init__(self, *fields: FieldProblem, **params: Any) -> None:
        super().__init__(**params)
        self.fields: list[FieldProblem] = list(fields)

    def as_dict(self) -> dict[str, Any]:
        return {**super().as_dict(), "fields": [field.as_dict() for field in self.fields]}

    def __str__(self) -> str:
        return f"Invalid({self.fields})"


class VersionMissing(Problem):
    """A change that does not say what was seen before might overwrite somebody else's (users 11)."""

    status = 428
    pattern = N_(
        "Say which version you saw: its number in “ver” or If-Match. “If-Match: *” overwrites whatever is there."
    )


class TooLarge(Problem):
    """Raised with `limit`, in words a person reads, such as «20 MB»."""

    status = 413
    pattern = N_("That is too large. The limit is {limit}.")


class TooMany(Problem):
    """Raised with `seconds` to wait."""

    status = 429
    pattern = N_("Too many attempts. Please wait {seconds} seconds.")


class Unavailable(Problem):
    """Raised with `service`; `maybe_done` is «yes» when the command may have run."""

    status = 503
    pattern = N_("A part of the system ({service}) does not answer. Please try again in a moment.")


class Unexpected(Problem):
    """A mistake of ours, logged under `number`."""

    status = 500
    pattern = N_("Something went wrong on our side. Quote this number: {number}.")


_KINDS = frozenset(
    {
        Unauthenticated,
        Forbidden,
        NotFound,
        Refused,
        Invalid,
        VersionMissing,
        TooLarge,
        TooMany,
        Unavailable,
        Unexpected,
    }
)

FIELD_PATTERNS: dict[str, str] = {
    "required": N_("Please fill this in."),
    "unknown": N_("There is no such field."),
    "too_long": N_("At most {max} characters."),
    "too_short": N_("At least {min} characters."),
    "file_in_table": N_(
        "A table names a file but does not bring it: import without this column, then put {value} on the record."
    ),
    "not_a_text": N_("This must be text without control characters."),
    "not_a_number": N_("This is not a number: {value}."),
    "too_many_decimals": N_("At most {max} decimal places."),
    "too_small": N_("Must be at least {min}."),
    "too_large": N_("Must be at most {max}."),
    "not_a_date": N_("There is no such date: {value}."),
    "not_a_time": N_("There is no such time: {value}."),
    "not_a_choice": N_("Not one of the choices: {value}."),
    "not_a_flag": N_("Please say yes or no: {value}."),
    "not_an_email": N_("This is not an e-mail address: {value}."),
    "not_a_phone": N_("This is not a phone number: {value}."),
    "not_a_url": N_("This is not a web address: {value}."),
    "not_an_id": N_("This is not a known record: {value}."),
    "ambiguous": N_("Several records have this name: {value}."),
    "duplicate": N_("We have this already: {value}."),
    "may_be_there": N_(
        "We seem to have it already: {value}. Choose it here, or say that this is another company."
    ),
    "duplicate_row": N_("The same as row {row} of this file."),
    "out_of_reach": N_("This is outside your rights: {value}."),
    "either_class_or_step": N_("A rule gives either a value class or a loyalty step."),
    "same_as_worst": N_("The best and the worst must differ."),
    "no_number": N_("Choose a field on customers that holds a number or an amount."),
    "taken": N_("There is already one with this value."),
    "holds_enough": N_(
        "{name} holds {held}; the rules let her hold {most}. Say why it should be more, or choose somebody else."
    ),
    "only_of_a_person": N_("Only a customer who is a person has one."),
    "may_not_see": N_("{value} may not see this record, so nobody can be called to it by that name."),
    "readonly": N_("This cannot be changed here."),
    "must_stay": N_("This must always be filled in: it cannot be left out."),
    "wrong": N_("This value does not fit."),
    "person_or_department": N_("Either a person or a department."),
    "no_such_field": N_("There is no such field: {value}."),
    "wrong_condition": N_("This condition cannot be asked: {value}."),
    "open_too_long": N_("This form has been open for too long. Please press the button again."),
    "very_quick": N_("That was very quick. Please press the button again."),
    "field_deleted": N_("The field that was asked for here was deleted: please take the condition out."),
    "not_known_there": N_("Records of this kind are not known where the field is: choose another kind."),
    "nobody_is_me": N_("Nobody asks here, so «me» means nobody."),
    "decided_by_rules": N_("A rule cannot ask for what rules decide: value class and loyalty step."),
    "must_begin_with": N_("Must begin with {text} and go on: {value}."),
    "below_itself": N_("It would stand below itself."),
    "has_members": N_("Others belong to it that would no longer fit: {value}."),
    "not_a_site": N_("This is no address of a site, such as https://www.example.com: {value}."),
    "not_for_strangers": N_("Strangers must not be shown what this field refers to: {value}."),
    "no_way_to_reach": N_("Ask for a telephone number or an e-mail address, or nobody can be answered."),
    "either_family": N_("Either a family we know, or a new one."),
    "not_repeated": N_("Type «{value}» here to say that you mean it."),
    "elsewhere": N_("This belongs somewhere else."),
    "has_no_own_fields": N_("Nobody fills in such records by hand, so they have no fields of your own."),
    "formula": N_("Formula cells are not taken. Please paste the value: {value}."),
    "does_not_add_up": N_("These add up to {sum}, not to {expected}."),
    "before": N_("Must not be before {date}."),
    "after": N_("Must not be after {date}."),
    "repeated_already": N_("It is part of a series already."),
    "by_week_or_month": N_("Weekdays go with what repeats by week or by month."),
    "by_month": N_("This goes with what repeats by month."),
    "no_series": N_("It belongs to no series."),
    "ends_otherwise": N_("Leave this empty, or choose this way of ending above."),
    "too_often": N_("At most {max} times."),
    "too_many_favourites": N_("At most {max} favourites: take a star off another one first."),
    "too_many_files": N_("At least one file and at most {max} at once."),
    "file_too_large": N_("A file may have at most {limit} MB: {value}."),
    "file_empty": N_("There is nothing in this file: {value}."),
    "file_incomplete": N_("This file did not arrive whole: {value}."),
    "weak_password": N_("At least {min} characters that are not easily guessed."),
    "wrong_password": N_("This is not your present password."),
}
"""Sentence per field code; the gateway translates them."""
