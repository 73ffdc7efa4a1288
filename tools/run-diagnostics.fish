#!/usr/bin/env fish
# Opens the menu of the diagnostic tools, from any folder. The data folder is that of `make run`, unless it is set.
set here (cd (dirname (status filename)); and pwd)
set python $here/../.venv/bin/python
if not test -x $python
    set python (command -v python3; or command -v python)
end
if test -z "$python"
    echo "Python is missing. On Debian: sudo apt-get install python3 python3-venv" >&2
    exit 1
end
exec $python $here/diagnostics/diagnostic_menu.py $argv
