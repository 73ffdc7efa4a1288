"""The adapters: event log, read models, HTTP, sources, publishers, files."""
