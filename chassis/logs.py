"""One line for each door, event and failure: key=value, with the call id; ids only, no personal data."""

import logging
import sys
from typing import Any

import structlog

_logger: Any = structlog.get_logger()
_QUIET = ("nameko", "kombu", "amqp", "alembic", "urllib3")


def set_up(process: str, level: str = "info") -> None:
    """Send everything to standard output in one shape, libraries' lines included."""
    global _logger
    number = getattr(logging, level.upper())
    stamp: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    line = structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "process", "event"], bool_as_flag=False
    )
    structlog.configure(
        # named here and not in the context, which a greenlet does not inherit
        processors=[_named(process), *stamp, structlog.processors.format_exc_info, line],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    _logger = structlog.get_logger()  # anew: one that was used before keeps its old shape
    handler = logging.StreamHandler(sys.stdout)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_named(process), *stamp[1:]],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            line,
        ],
    )
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=max(number, logging.INFO), force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def log() -> Any:
    """The logger; ask for it where you write, it is cheap."""
    return _logger


def _named(process: str) -> Any:
    def name(_logger: Any, _method: str, entry: dict[str, Any]) -> dict[str, Any]:
        return {"process": process, **entry}

    return name
