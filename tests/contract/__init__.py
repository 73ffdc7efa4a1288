"""One suite for every event log: in memory, SQLite and PostgreSQL."""
