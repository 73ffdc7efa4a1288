"""Tests of web pages and the HTTP API."""
