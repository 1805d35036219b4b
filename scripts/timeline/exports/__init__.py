"""Feeds, calendars, open data and other files published beside the pages of a snapshot."""
