"""Where everything stands on a day: histories, statuses, deadlines, news."""
