"""The ways in: web, API and command line, and bootstrap.py, which puts everything together."""
