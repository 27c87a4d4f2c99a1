"""Branches and headquarters: who they are, and how this copy stands with headquarters."""
