"""The pages every entity has: list, record, form, history, import and export; HTML and JSON alike."""
