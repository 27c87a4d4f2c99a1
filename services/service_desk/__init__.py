"""What customers ask of us, what we know, and what sales hands over to service."""
