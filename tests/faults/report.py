"""What became of a run of seeds, as a table."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from tests.faults.plan import FAULTS, MOMENTS
from tests.faults.run import Outcome

HEAD = "| fault | struck | commands | not answered at once | events | lost | doubled | other findings |"


def table(outcomes: Sequence[Outcome], by_target: bool = False) -> str:
    """One line for each fault, or for each of its targets. Where several struck in one seed, its figures count for each of them."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        of = Counter(finding.what for finding in outcome.findings)
        other = sum(of.values()) - of["lost"] - of["doubled"]
        figures = {
            "commands": outcome.answered + outcome.refused, "unanswered": outcome.unanswered, "events": outcome.events,
            "lost": of["lost"], "doubled": of["doubled"], "other": other,
        }  # fmt: skip
        names = [strike.target if by_target else strike.fault for strike in outcome.struck]
        for name in set(names):
            sums[name].update(figures)
        for name in names:
            sums[name]["struck"] += 1
        sums["all seeds"].update(figures)
        sums["all seeds"]["struck"] += len(outcome.struck)
    columns = ("struck", "commands", "unanswered", "events", "lost", "doubled", "other")
    lines = [HEAD, "|---|" + "---|" * len(columns)]
    for fault in (*(MOMENTS if by_target else FAULTS), "all seeds"):
        lines.append(f"| {fault} | " + " | ".join(str(sums[fault][column]) for column in columns) + " |")
    return "\n".join(lines)
