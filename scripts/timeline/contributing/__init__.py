"""From what somebody saw to a checked file, and what a reviewer needs."""
