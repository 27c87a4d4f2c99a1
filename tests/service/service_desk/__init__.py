"""The use cases of the service desk."""
