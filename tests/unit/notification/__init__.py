"""The plain rules of notification."""
