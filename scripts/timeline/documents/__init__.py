"""Read the lines of text from a file in plain text, Markdown, HTML, Word or PDF."""
