#!/usr/bin/env python3
"""What runs and what is planned: jobs, imports, rebuilds and exports, and what is due next.

Runs `scipaperloader diagnose inspect-tasks`, with the same options: --help lists them.
"""

from launching import run

if __name__ == "__main__":
    run("inspect-tasks")
