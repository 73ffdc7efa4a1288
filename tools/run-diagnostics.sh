#!/bin/sh
# Opens the menu of the diagnostic tools, from any folder. The data folder is that of `make run`, unless it is set.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
python=$here/../.venv/bin/python
[ -x "$python" ] || python=$(command -v python3 || command -v python) || {
    echo "Python is missing. On Debian: sudo apt-get install python3 python3-venv" >&2
    exit 1
}
exec "$python" "$here/diagnostics/diagnostic_menu.py" "$@"
