"""APScheduler: the clock and the thread pool of the server."""
