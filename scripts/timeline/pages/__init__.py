"""What stands on which page."""
