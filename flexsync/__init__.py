"""flexsync: the set-up of software subscriptions as files in git."""

__version__ = "0.1.0"
