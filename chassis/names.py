"""How things are called at the broker, so that nobody types such a name twice."""

RPC_EXCHANGE = "nameko-rpc"
OUTBOX_CHANNEL = "outbox"
"""The relay listens here for notices of the database (LISTEN/NOTIFY)."""


def rpc_queue(service: str) -> str:
    """Where requests to a service wait."""
    return f"rpc-{service}"


def events_exchange(source: str) -> str:
    """Where a service announces."""
    return f"{source}.events"


def inbox_queue(service: str) -> str:
    """Where the news that a service hears waits."""
    return f"{service}.inbox"
