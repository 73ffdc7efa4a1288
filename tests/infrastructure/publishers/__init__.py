"""Tests of landing pages, rules and walls."""
