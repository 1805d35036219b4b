"""What readers and programs take away: feeds, calendars, bulletins, data."""
