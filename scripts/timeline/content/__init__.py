"""Files -> a typed collection."""
