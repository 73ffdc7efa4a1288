"""The ways in: web, API and command line, and bootstrap, which puts everything together."""
