"""What people want done at once, outside of requests: on threads of its own, so that the schedule is not in its way."""

from collections.abc import Callable

import structlog

from domain.errors import SciPaperLoaderError
from infrastructure.scheduling.pool import DaemonPool

AT_ONCE = 4

logger = structlog.get_logger(__name__)


class ByHand:
    """Does things soon; so many of them at a time."""

    def __init__(self, at_once: int = AT_ONCE, name: str = "by hand") -> None:
        self._pool = DaemonPool(at_once, name)

    def do(self, action: Callable[[], object]) -> None:
        """Do it soon. What fails is told to the log of the program: the papers' history tells it to people."""
        self._pool.submit(_guarded, action)

    def stop(self) -> None:
        """Take nothing new; what runs is left to end by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _guarded(action: Callable[[], object]) -> None:
    try:
        action()
    except SciPaperLoaderError as error:
        logger.warning("what was asked for was refused", error=str(error))
    except Exception:
        logger.exception("what was asked for failed")
