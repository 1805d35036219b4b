"""Snapshot -> feeds, calendars, data and other files beside the pages."""
