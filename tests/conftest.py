"""How far hypothesis looks: the same examples every time, or many new ones with HYPOTHESIS_PROFILE=deep."""

import os

from hypothesis import HealthCheck, settings

from tests.databases import database, databases, postgresql, sqlite  # noqa: F401 (fixtures)
from tests.servers import scratch, server  # noqa: F401 (fixtures)

_SLOW_MACHINE = (HealthCheck.too_slow,)

settings.register_profile("ci", derandomize=True, max_examples=50, deadline=None, suppress_health_check=_SLOW_MACHINE)
settings.register_profile("deep", max_examples=500, deadline=None, suppress_health_check=_SLOW_MACHINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
