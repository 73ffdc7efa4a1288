#!/usr/bin/env python3
"""Everything that is stuck or does not fit together, each with what to do about it.

Runs `scipaperloader diagnose diagnose-scraper`, with the same options: --help lists them.
"""

from launching import run

if __name__ == "__main__":
    run("diagnose-scraper")
