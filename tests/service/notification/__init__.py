"""The use cases of notification."""
