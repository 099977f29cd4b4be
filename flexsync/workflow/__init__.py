"""The stories that the command line tells: check, plan, apply, look. Straight lines over the parts."""
