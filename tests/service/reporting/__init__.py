"""Facts and figures."""
