"""The event log: one append path, readers, codec and hash chain, on SQLite, PostgreSQL and in memory."""
