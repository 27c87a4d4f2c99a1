"""What people do at the service desk, by the noun they do it to."""
