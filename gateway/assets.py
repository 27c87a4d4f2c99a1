"""Style sheets, scripts and icons under names that contain their hash, so that browsers keep them for a year."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request, url_for
from markupsafe import Markup

from chassis.settings import CannotStart
from gateway import api

STATIC = Path(__file__).parent / "static"
VENDOR = {
    "tabler.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "sortable.js": "sortablejs/Sortable.min.js",
    "echarts.js": "echarts/dist/echarts.min.js",
    "fullcalendar.js": "fullcalendar/index.global.min.js",
    "fullcalendar-zh-cn.js": "@fullcalendar/core/locales/zh-cn.global.min.js",
}
"""Name in templates → file in node_modules. A page asks for what it needs: `{{ asset('echarts.js') }}`."""
ICONS = "@tabler/icons/icons/outline"
SOURCE_MAP = re.compile(rb"(//[#@]|/\*[#@])\s*sourceMappingURL=\S+(\s*\*/)?")

assets = Blueprint("assets", __name__)


class Asset:
    """One file, ready to be sent: its bytes, the same compressed, and its hashed name."""

    def __init__(self, name: str, path: Path) -> None:
        self.body = SOURCE_MAP.sub(b"", path.read_bytes())
        self.packed = gzip.compress(self.body, 9, mtime=0)
        self.type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        stem, _, suffix = name.rpartition(".")
        self.hashed = f"{stem}.{hashlib.sha256(self.body).hexdigest()[:10]}.{suffix}"


class Assets:
    """All files we serve. Ours are in `static`, others' in node_modules; a missing package stops the start."""

    def __init__(self, node_modules: Path) -> None:
        self.node_modules = node_modules
        paths = {name: node_modules / inside for name, inside in VENDOR.items()}
        paths |= {path.name: path for path in STATIC.iterdir() if path.is_file()}
        missing = [str(path) for path in paths.values() if not path.exists()]
        if missing or not (node_modules / ICONS).is_dir():
            lacks = ", ".join(missing[:3]) or str(node_modules / ICONS)
            raise CannotStart(f"GUANXI_NODE_MODULES: page assets are missing (run `npm ci`): {lacks}")
        self.paths = paths
        self.by_name: dict[str, Asset] = {}
        self.by_hash: dict[str, Asset] = {}
        self.icon = lru_cache(maxsize=2000)(self._icon)

    def get(self, name: str) -> Asset:
        """Read when first asked for, so that unused files cost no memory."""
        found = self.by_name.get(name)
        if found is None:
            found = Asset(name, self.paths[name])
            self.by_name[name] = self.by_hash[found.hashed] = found
        return found

    def _icon(self, name: str, title: str = "") -> Markup:
        inner = _drawing(self.node_modules / ICONS / f"{name}.svg")
        spoken = Markup('role="img" aria-label="{}"').format(title) if title else Markup('aria-hidden="true"')
        return Markup('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>').format(spoken, Markup(inner))

    def find(self, hashed: str) -> Asset | None:
        """By the name in an address; another process may have made the address."""
        stem, _, rest = hashed.partition(".")
        name = f"{stem}.{rest.rpartition('.')[2]}"
        if hashed not in self.by_hash and name in self.paths:
            self.get(name)
        return self.by_hash.get(hashed)


@assets.get("/assets/<name>")
@api.only_page("what pages are made of")
def serve(name: str) -> Response:
    """A file by its hashed name; it never changes under that name."""
    found = _assets().find(name)
    if found is None:
        abort(404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(found.packed if packed else found.body, mimetype=found.type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@assets.get("/favicon.ico")
@api.only_page("what pages are made of")
def favicon() -> Response:
    """Browsers ask for it by this name whatever the page says."""
    return serve(_assets().get("favicon.svg").hashed)


def asset(name: str) -> str:
    """Address of a file, for templates."""
    return url_for("assets.serve", name=_assets().get(name).hashed)


def _drawing(path: Path) -> str:
    drawing = path.read_text() if path.exists() else path.with_name("file.svg").read_text()
    inner = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")]
    return re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*/>|\s*\n\s*', "", inner)


def icon(name: str, title: str = "") -> Markup:
    """An icon of the set, drawn into the page; without a title it is decoration and not read aloud."""
    return _assets().icon(name, title)


def _assets() -> Assets:
    found: Assets = current_app.extensions["guanxi-assets"]
    return found


def install(app: Flask, node_modules: Path) -> None:
    """Serve assets and offer `asset()` and `icon()` to templates."""
    found = app.extensions["guanxi-assets"] = Assets(node_modules)
    app.register_blueprint(assets)
    app.jinja_env.globals.update(asset=asset, icon=found.icon)
