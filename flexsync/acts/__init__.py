"""What people do by themselves: each act is one transaction; no web in it."""
