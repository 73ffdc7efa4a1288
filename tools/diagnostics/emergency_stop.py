#!/usr/bin/env python3
"""Stop everything at once, over restarts too; works without the database.

Runs `scipaperloader diagnose emergency-stop`, with the same options: --help lists them.
"""

from launching import run

if __name__ == "__main__":
    run("emergency-stop")
