"""The simulated scholarly web, for the demonstration."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def simulated_web(seed: int, papers: int) -> Iterator[tuple[dict[str, str], bytes]]:
    """A simulated scholarly web on loopback while entered: settings that lead to it, and a list of its papers."""
    from infrastructure.simulation.server import ScholarlyWeb
    from infrastructure.simulation.world import World

    world = World(seed, papers)
    with ScholarlyWeb(world) as web:
        found = web.settings()
        sources = {f"{name}_url": found[name] for name in ("unpaywall", "crossref", "arxiv", "europepmc")}
        files = {"europepmc_files_url": found["europepmc"], "allowed_networks": found["allowed_networks"]}
        yield sources | files, world.csv().encode()
