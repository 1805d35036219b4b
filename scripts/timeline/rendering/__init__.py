"""Templates, and texts as HTML."""
