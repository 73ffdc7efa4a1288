"""Web pages and the HTTP API, with Litestar: server-made HTML that htmx makes quick."""
