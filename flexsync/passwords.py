"""Passwords of people: how they are kept, and which are too easy."""
