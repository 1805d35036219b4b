"""A file in plain text, Markdown, HTML, Word or PDF -> its lines of text."""
