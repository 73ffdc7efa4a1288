"""Tests of command line, API and pages."""
