"""Questions that are not a plain list."""
