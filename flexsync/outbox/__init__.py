"""Notices on their way to people."""
