"""Snapshot -> pages."""
