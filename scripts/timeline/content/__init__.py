"""Parse files into a typed collection, and find dates and paragraphs in text."""
