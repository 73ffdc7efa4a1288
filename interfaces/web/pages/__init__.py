"""Web pages, one family a file."""
