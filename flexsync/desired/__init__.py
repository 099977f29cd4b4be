"""Files to desired State: read, check, merge, judge, resolve."""
