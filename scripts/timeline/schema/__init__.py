"""The content model: value types, vocabularies and the front matter of every kind of file."""
