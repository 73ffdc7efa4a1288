"""The simulated scholarly web, for the demonstration."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from typed_settings.types import SecretStr

from interfaces.settings_book import KEYS


@contextmanager
def simulated_web(seed: int, papers: int) -> Iterator[tuple[dict[str, Any], bytes]]:
    """A simulated scholarly web on loopback while entered: settings that lead to it, and a list of its papers.

    It is shown no key of the user's; OpenAlex wants one, whatever it is.
    """
    from infrastructure.simulation.server import ScholarlyWeb
    from infrastructure.simulation.world import World

    world = World(seed, papers)
    with ScholarlyWeb(world) as web:
        keys = {name: SecretStr("demonstration" if name == "openalex_key" else "") for name in KEYS}
        yield web.application() | keys, world.csv().encode()
