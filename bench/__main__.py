"""`python -m bench [name …]`: measure, print one table, and keep the rows in .run/bench.json."""

import importlib
import json
import sys
import traceback
from pathlib import Path

from bench.row import Row
from deploy import place, servers

NAMES = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if "def measure(" in path.read_text())


def main() -> None:
    servers.start()
    rows: list[Row] = []
    failed: list[str] = []
    for name in sys.argv[1:] or [name for name in NAMES if name != "__main__"]:
        print(f"· {name}", file=sys.stderr, flush=True)
        try:
            for row in importlib.import_module(f"bench.{name}").measure():
                rows.append(row)  # one by one: what a part measured before it failed is kept
        except Exception:
            traceback.print_exc()
            failed.append(name)
    print(table(rows))
    report = place.run_dir() / "bench.json"
    report.write_text(json.dumps([row.as_dict() for row in rows], indent=1, ensure_ascii=False) + "\n")
    if failed:
        sys.exit(f"✗ could not be measured: {', '.join(failed)}")


def table(rows: list[Row]) -> str:
    """The rows for people."""
    lines = [("what", "value", "floor", "ratio", "budget", "met")]
    for row in rows:
        floor = f"{_figure(row.floor)} {row.unit}" if row.floor is not None else ""
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else ""
        met = "" if row.met is None else "yes" if row.met else "NO"
        lines.append((row.what, f"{_figure(row.value)} {row.unit}", floor, ratio, row.budget, met))
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


if __name__ == "__main__":
    main()
