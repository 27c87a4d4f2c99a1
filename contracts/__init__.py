"""Messages that cross a process boundary, and nothing else: pydantic and the standard library."""
