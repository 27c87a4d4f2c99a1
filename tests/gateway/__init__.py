"""Pages, JSON and files of the gateway over a toy entity with every kind of field."""
