"""The HTTP API under /api/v1, one family a file."""
