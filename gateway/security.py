"""What the browser may do with our pages, which posts we believe, and how much we read."""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFError, CSRFProtect, ValidationError, generate_csrf, validate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway.auth import bearer
from gateway.settings import GatewaySettings

LARGEST_BODY = 21 * 1024 * 1024
LARGEST_TABLE = 65 * 1024 * 1024
"""Where a table is sent: a little more than the file itself (`spreadsheets.LARGEST_FILE`)."""
TAKES_TABLES = "entity.upload"
LARGEST_FORM = 2 * 1024 * 1024
MOST_PARTS = 5000
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "frame-src": "'self'",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""No inline script or style runs; the nonce and the font in data are for what FullCalendar makes for itself."""

FOR_STRANGERS = frozenset({"web_form.send"})
"""Posts that anybody may send from anywhere."""

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


def take_tables() -> None:
    """A table may be larger than anything else that is sent."""
    if request.endpoint == TAKES_TABLES:
        request.max_content_length = LARGEST_TABLE


def check_form() -> None:
    """A change that came with a cookie must bring the form's token; a bearer token is proof enough."""
    if request.method in {"GET", "HEAD", "OPTIONS"} or bearer(request):
        return
    if request.endpoint in FOR_STRANGERS:
        return  # done in nobody's name, so there is nobody whose name could be misused; in a frame no cookie would come along
    if request.endpoint == "sign_in.enter" and request.is_json:
        return  # a program asks for a session; another site's page cannot send JSON here without our consent
    token = request.headers.get("X-CSRFToken") or request.form.get("csrf_token")
    try:
        validate_csrf(token)
    except ValidationError as error:
        raise CSRFError(str(error)) from None


def _let_frame(response: Response) -> Response:
    """Pages of the sites that an answer names (`g.framed_by`) may show it within them."""
    if sites := g.get("framed_by"):
        policy = response.headers["Content-Security-Policy"]
        ancestors = f"frame-ancestors {' '.join(sites)}"
        response.headers["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", ancestors)
        response.headers.pop("X-Frame-Options", None)
    return response


def install(app: Flask, settings: GatewaySettings) -> None:
    """Headers, form tokens, limits."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="guanxi_form",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_PARTS,
        RATELIMIT_HEADERS_ENABLED=False,
    )
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_let_frame)  # behind Talisman: what is registered first comes last
    Talisman(
        app,
        force_https=settings.is_https,
        strict_transport_security=settings.is_https,
        session_cookie_secure=settings.is_https,
        session_cookie_samesite="Lax",
        content_security_policy=POLICY,
        content_security_policy_nonce_in=["style-src"],
        frame_options="DENY",
        referrer_policy="same-origin",
    )
    app.before_request(take_tables)
    app.before_request(check_form)
    app.jinja_env.globals["csrf_token"] = generate_csrf
