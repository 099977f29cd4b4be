"""The web application: pages that people and administrators meet."""
