"""The entity engine alone, on a toy entity that has every kind of field."""
