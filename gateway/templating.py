"""Templates, compiled once for each language: what a language always says the same is written into them at once.

A page says some sixty words that are in no way its own and draws as many icons; looked up again for each page they were a
third of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, current_app
from flask.templating import Environment
from jinja2 import Template, nodes
from jinja2.visitor import NodeTransformer
from jinja2_fragments import render_block
from markupsafe import Markup

from gateway.languages import language

SETTLED = frozenset({"_", "icon", "asset", "url_for", "list_address"})
"""Functions of templates whose answer depends on nothing but what they are given, and the language."""


class SettledEnvironment(Environment):
    """Calls of SETTLED with nothing but literals are made while a template is compiled."""

    def _generate(
        self, source: nodes.Template, name: str | None, filename: str | None, defer_init: bool = False
    ) -> str:
        return super()._generate(_Settled(self).visit(source), name, filename, defer_init)


class _Settled(NodeTransformer):
    def __init__(self, environment: Environment) -> None:
        self._globals = environment.globals

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        has_more = node.kwargs or node.dyn_args or node.dyn_kwargs
        if not isinstance(node.node, nodes.Name) or node.node.name not in SETTLED or has_more:
            return node
        given = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
        if len(given) < len(node.args):
            return node
        function: Any = self._globals[node.node.name]
        return nodes.Const(function(*given), lineno=node.lineno)


def find(*names: str) -> Template:
    """The first of these templates that there is, in the reader's language."""
    known: dict[tuple[str, ...], Template] = current_app.extensions["guanxi-templates"]
    key = (language(), *names)
    found = known.get(key)
    if found is None:
        found = known[key] = _environment().select_template(names)
    return found


def _environment() -> Environment:
    known: dict[str, Environment] = current_app.extensions["guanxi-environments"]
    return known.get(language()) or known.setdefault(language(), current_app.jinja_env.overlay())


def written(name: str, /, **values: Any) -> str:
    """A template with these values."""
    current_app.update_template_context(values)
    return find(name).render(values)


def block_of(name: str, block: str, /, **values: Any) -> str:
    """One block of a template with these values."""
    current_app.update_template_context(values)
    found: str = render_block(_environment(), name, block, values)
    return found


def written_once(name: str, /, **values: Any) -> Markup:
    """A template that knows nothing but these values, written once for each language and all of them (hashable)."""
    return _written_once(language(), name, tuple(values.items()))


@lru_cache(maxsize=256)
def _written_once(_language: str, name: str, values: tuple[tuple[str, Any], ...]) -> Markup:
    return Markup(find(name).render(values))


def install(app: Flask) -> None:
    """Before anything asks for the environment."""
    app.jinja_environment = SettledEnvironment
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["written_once"] = written_once
    app.extensions |= {"guanxi-templates": {}, "guanxi-environments": {}}
