"""Runs a command of `scipaperloader diagnose` from a checkout, with whichever Python somebody started the script.

That Python may be older than the one that the program needs: until the program is loaded, only what it knows is used.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = ROOT / ".venv"
DATA_DIR = "SCIPAPERLOADER_DATA_DIR"
NEEDED = (3, 11)


def run(command: str) -> None:
    """Run the command with the arguments of the script, in the environment of the checkout if there is one."""
    _enter_the_environment()
    if sys.version_info < NEEDED:
        sys.exit(_what_to_do("it is older than Python {}.{}".format(*NEEDED)))
    sys.path[0] = str(ROOT)  # in place of this folder, whose names are not the program's
    try:
        from interfaces.cli.main import main
        from interfaces.settings import read_dotenv
    except ImportError as error:
        sys.exit(_what_to_do(str(error)))
    if DATA_DIR not in os.environ and DATA_DIR not in read_dotenv(Path(".env")):
        os.environ[DATA_DIR] = str(ROOT / "data")  # as `make run` does
    main(["diagnose", command, *sys.argv[1:]], prog_name="scipaperloader")


def _enter_the_environment() -> None:
    """Start the script anew with the Python of the checkout's environment, unless that runs already."""
    python, runs = ENVIRONMENT / "bin" / "python", Path(sys.prefix).resolve() == ENVIRONMENT.resolve()
    if not runs and python.is_file() and (ENVIRONMENT / "pyvenv.cfg").is_file():
        os.execv(str(python), [str(python), *sys.argv])  # noqa: S606 (the same script, without a shell)


def _what_to_do(reason: str) -> str:
    data = os.environ.get(DATA_DIR) or ROOT / "data"
    return (
        f"{sys.executable} cannot run the program: {reason}.\n"
        f"Make its environment with `make venv` in {ROOT}, and run this again.\n"
        f"To stop everything without it: touch {data}/emergency-stop"
    )
