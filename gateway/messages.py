"""Texts for translation: gathered from code, templates and messages, merged into `locale`, compiled.

    python -m gateway.messages            gather and merge (`make messages`)
    python -m gateway.messages compile    make the .mo files; the gateway also does so when it starts

English is the source and needs no catalogue.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from contracts import message as messages
from contracts import periods
from contracts.transfer import JobPhase
from gateway import wording
from gateway.registry import Registry

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "gateway" / "locale"
TRANSLATED = ("zh_CN",)
OVERRIDDEN = ("en",)
"""Source languages: their catalogue holds only what reads better than the source text."""
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None, "N_": None, "gettext": None, "ngettext": (1, 2),
}  # fmt: skip
FOLDERS = ("contracts", "chassis", "gateway")
METHODS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]


def gathered() -> Catalog:
    """Every text there is, in a stable order."""
    catalog = Catalog(project="Guanxi", header_comment="# Texts of Guanxi.", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, METHODS, keywords=KEYWORDS, options_map={})
        for name, line, message, _, _ in sorted(found, key=lambda item: (item[0], item[1])):
            if message:
                catalog.add(message, locations=[(f"{folder}/{name}", line)])
    for context, source, place in words():
        catalog.add(source, context=context, locations=[(place, 0)])
    return catalog


def words() -> Iterator[tuple[str, str, str]]:
    """What contracts name and pages say: (context, English text, where)."""
    known = Registry.shipped()
    for record in known.records.values():
        place = _place(record)
        life = record.lifecycle
        if life is not None:
            yield from (("state", wording.spoken(name), place) for name in life.states)
        yield from (("verb", wording.spoken(name), place) for name in record.all_verbs())
        described = [record, *(a.lines for a in record.attrs().values() if a.lines is not None)]
        for cls in described:
            for attr in cls.attrs().values():
                context = "state" if attr.name == "state" else "choice"
                named = attr.choices if attr.kind != "entity" else ()
                yield from ((context, wording.spoken(choice), place) for choice in named)
    for command in known.commands.values():
        place = _place(command)
        for attr in command.attrs().values():
            yield from (("choice", wording.spoken(choice), place) for choice in attr.choices)
        yield "verb", wording.spoken(command.noun()), place
    yield from ((context, source, "gateway/wording.py") for context, source in wording.SPECIFIC)
    yield from happenings(known)
    yield from (
        ("similar", wording.spoken(name), "gateway/templates/page/similar.html") for name in wording.SIMILAR
    )
    yield from (("service", wording.spoken(name), "contracts") for name in known.services)
    yield from (("period", wording.spoken(name), "contracts/periods.py") for name in periods.NAMED)
    yield from (("batch", wording.spoken(name), "contracts/batches.py") for name in wording.BATCH)
    yield from (("job", wording.spoken(name), "contracts/transfer.py") for name in JobPhase.__args__)  # type: ignore[attr-defined]


def _place(message: type[messages.Message]) -> str:
    return f"{message.__module__.replace('.', '/')}.py"


REACTIONS = re.compile(r"^    (\w+) = reaction\(", re.MULTILINE)
CLOCKED = re.compile(r"^    (\w+) = (?:daily|every)\(", re.MULTILINE)


def happenings(known: Registry) -> Iterator[tuple[str, str, str]]:
    """What timelines and histories tell: facts, turns of documents, and what followed by itself."""
    for fact in known.facts:
        yield "happened", wording.spoken(fact.noun()), _place(fact)
    for record in known.records.values():
        place = _place(record)
        yield "happened", wording.spoken(f"{record.noun()}_created"), place
        states = record.lifecycle.states if record.lifecycle is not None else ()
        yield from (("happened", wording.spoken(f"{record.noun()}_{state}"), place) for state in states)
    yield from (("happened", wording.spoken(kind), "services") for kind in wording.TURNS)
    for path in sorted((ROOT / "services").glob("*/service.py")):
        source = path.read_text()
        heard = (n for n in REACTIONS.findall(source) if n.partition("_")[0] not in wording.FOLLOWED)
        names = (*heard, *CLOCKED.findall(source))
        yield from (("door", wording.spoken(name), str(path.relative_to(ROOT))) for name in names)
    yield from (("door", wording.spoken(name), "services") for name in wording.DRIVEN)


def merge() -> list[str]:
    """Bring every catalogue up to date; gives a line on each for the person who asked."""
    template, said = gathered(), []
    for language in (*TRANSLATED, *OVERRIDDEN):
        path = place(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = read(language) if path.exists() else Catalog(locale=language, charset="utf-8")
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        _head(catalog, language)
        missing = untranslated(catalog)
        if language in OVERRIDDEN:
            for message in [m for m in catalog if m.id and _is_empty(m)]:
                catalog.delete(message.id, message.context)
        else:
            said.append(f"{language}: {len(catalog)} texts, {len(missing)} not translated")
            said += [f"  {text}" for text in missing]
        with path.open("wb") as file:
            write_po(file, catalog, width=110, include_lineno=False)
    return said


def _head(catalog: Catalog, language: str) -> None:
    """Nothing in the head changes by itself, so that two branches do not clash there."""
    catalog.header_comment, catalog.fuzzy = f"# Texts of Guanxi in {language}.", False
    catalog.project, catalog.version, catalog.copyright_holder = "Guanxi", "1", "Guanxi"
    catalog.msgid_bugs_address = catalog.last_translator = catalog.language_team = "Guanxi"
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)


def place(language: str) -> Path:
    """Where the catalogue of a language is kept: under the name that Babel gives it (zh_CN: zh_Hans_CN)."""
    return LOCALE / str(Locale.parse(language)) / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as it is kept."""
    with place(language).open("rb") as file:
        return read_po(file, locale=language)


def untranslated(catalog: Catalog) -> list[str]:
    """Texts without a translation."""
    return [f"[{m.context}] {m.id}" if m.context else str(m.id) for m in catalog if m.id and _is_empty(m)]


def _is_empty(message: Message) -> bool:
    return not (all(message.string) if isinstance(message.string, tuple | list) else message.string)


def compile_all() -> None:
    """Make the .mo files that are missing or older than their .po; two processes may do it at once."""
    for language in (*TRANSLATED, *OVERRIDDEN):
        source = place(language)
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        made = target.with_name(f"{target.name}.{os.getpid()}")
        with made.open("wb") as file:
            write_mo(file, read(language))
        made.replace(target)


if __name__ == "__main__":
    if "compile" in sys.argv[1:]:
        compile_all()
    else:
        print("\n".join(merge()))
        compile_all()
