"""The timeline of regulation: front matter files in, a site and its data out.

Data flows one way: files, `Collection` (content), `Snapshot` (analysis), pages (site) and files
beside them (exports), disk (builder). Only `mkdocs_hook.py` knows MkDocs.
"""
