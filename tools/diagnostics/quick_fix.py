#!/usr/bin/env python3
"""Stop everything, and end this installation's own servers, so that new code is used.

Runs `scipaperloader diagnose quick-fix`, with the same options: --help lists them.
"""

from launching import run

if __name__ == "__main__":
    run("quick-fix")
