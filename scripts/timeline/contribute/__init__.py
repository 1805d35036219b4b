"""From a report to a checked file, and what a reviewer needs."""
