"""Migrations of the list of what waits."""
