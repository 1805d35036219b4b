"""How a page is cited, and what it says of itself where it is shared."""
