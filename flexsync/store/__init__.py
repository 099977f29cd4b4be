"""The system of record: SQLite or PostgreSQL through one code path."""
