"""The timeline: text -> typed item -> collection -> pages -> disk.

Imports run one way: problems, dates, vocabulary <- fields <- entry, terms <- reading <- collection
<- project <- views <- pages <- rendering <- generator. Nothing here knows MkDocs.
"""
