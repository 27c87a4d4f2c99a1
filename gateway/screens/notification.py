"""How notices, outgoing mail and the delivery log look."""

from contracts.language import N_
from gateway.screen import Screen, View

SCREENS = {
    "notice": Screen(
        columns=("subject", "kind", "way", "read_at", "created_at", "owner_id"),
        views=(View(N_("Mine"), "owner_id=me"), View(N_("Unread"), "owner_id=me&read_at__empty=yes")),
        related=("notification.letter.notice_id",),
        hidden=frozenset({"department_id", "branch_id", "reason", "link"}),
    ),
    "letter": Screen(
        columns=(
            "subject",
            "state",
            "owner_id",
            "address",
            "attempts",
            "sent_at",
            "next_attempt_at",
            "error",
        ),
        views=(
            View(N_("Failed"), "state=failed&state=uncertain"),
            View(N_("Waiting"), "state=queued&state=connecting&state=sending"),
            View(N_("Sent"), "state=sent"),
        ),
        figures=("owner_id", "address", "attempts", "sent_at"),
        related=("notification.attempt.letter_id",),
    ),
    "attempt": Screen(
        columns=("address", "outcome", "letter_id", "turn", "began_at", "step", "code", "answer"),
        related=(),
    ),
    "template": Screen(related=()),
    "preference": Screen(related=()),
    "webhook": Screen(
        columns=("name", "url", "events", "is_active"),
        related=("notification.webhook_delivery.webhook_id",),
        figures=("is_active", "url"),
        first=N_("Another program that is told of what happens here as soon as it happens."),
    ),
    "webhook_delivery": Screen(
        columns=(
            "event",
            "state",
            "webhook_id",
            "attempts",
            "code",
            "sent_at",
            "next_attempt_at",
            "created_at",
        ),
        views=(
            View(N_("Failed"), "state=failed"),
            View(N_("Waiting"), "state=queued&state=sending"),
            View(N_("Sent"), "state=sent"),
        ),
        figures=("webhook_id", "attempts", "code", "sent_at"),
        related=(),
    ),
}
