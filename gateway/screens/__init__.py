"""Appearance of each service's entities; read by `gateway.screen`."""
