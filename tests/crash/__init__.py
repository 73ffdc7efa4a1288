"""Tests of killing the program, and of what it finds afterwards."""
