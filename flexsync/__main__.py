"""`python -m flexsync`."""

from flexsync.cli import main

main()
