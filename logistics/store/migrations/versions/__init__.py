"""One module a step of the schema, oldest first by name."""
