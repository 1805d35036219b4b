"""A checkout -> a collection, or every problem in it."""
