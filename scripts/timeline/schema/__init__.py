"""What may be written: types, vocabularies and the front matter of every kind of file."""
