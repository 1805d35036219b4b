"""What an entry, a term and a date are: types, vocabularies, and the text of one file."""
