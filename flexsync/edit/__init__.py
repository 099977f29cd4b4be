"""Edits of files as texts: the least that has to change, every other byte as it was."""
