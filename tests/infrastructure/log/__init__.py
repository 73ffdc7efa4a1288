"""Tests of the log in a database: what it refuses, what `verify` finds."""
