"""The arithmetic of the service desk."""
