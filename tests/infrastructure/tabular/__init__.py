"""Tests of the reading of lists of papers."""
