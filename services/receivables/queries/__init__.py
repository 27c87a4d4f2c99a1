"""Reads that are not a plain list."""
