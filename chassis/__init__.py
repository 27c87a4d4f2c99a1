"""What every service stands on; no business noun in it."""
