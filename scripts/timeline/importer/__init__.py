"""Find the developments in the text of a newsletter."""
