"""The timeline of regulation: reads files with front matter, and makes a site and its data.

Data flows one way: files, `Collection` (content), `Snapshot` (analysis), pages (site) and all other
files (exports), disk (builder). Only `mkdocs_hook.py` imports MkDocs.
"""
