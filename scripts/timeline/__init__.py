"""The timeline: text -> typed item -> collection -> pages -> disk.

Imports run one way: vocabulary, dates, problems <- model <- reading <- collection <- views <-
pages <- generator. Nothing here knows MkDocs.
"""
