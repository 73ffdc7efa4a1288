#!/usr/bin/env python3
"""How things stand: scraper, stop file, leader, modules, papers, jobs, this hour.

Runs `scipaperloader diagnose check-state`, with the same options: --help lists them.
"""

from launching import run

if __name__ == "__main__":
    run("check-state")
