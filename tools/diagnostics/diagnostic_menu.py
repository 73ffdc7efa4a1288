#!/usr/bin/env python3
"""The diagnostic tools, to choose from a list.

Runs `scipaperloader diagnose menu`, with the same options: --help lists them.
"""

from launching import run

if __name__ == "__main__":
    run("menu")
