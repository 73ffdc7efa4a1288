#!/usr/bin/env python3
"""Where each paper in transit would go if the scraper were stopped now. Nothing is written.

Runs `scipaperloader diagnose test-reversion`, with the same options: --help lists them.
"""

from launching import run

if __name__ == "__main__":
    run("test-reversion")
