"""A bulletin's text -> its developments, each matched to an entry or drafted as a new one."""
