"""Tests of the clock and the threads of the server."""
