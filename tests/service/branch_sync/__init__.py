"""The use cases of branch sync."""
