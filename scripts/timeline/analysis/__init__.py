"""The collection as of a date: statuses, deadlines, news and penalties."""
