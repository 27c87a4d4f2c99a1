"""Contracts and the money they bring."""
