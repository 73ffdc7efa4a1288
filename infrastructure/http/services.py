"""The services that are asked often: the gaps that their operators wish for, and whether they are made for programs."""

from collections.abc import Mapping

from attrs import frozen

GAP = 1.0
"""Seconds between two requests to any other host."""


@frozen(kw_only=True)
class Service:
    """Hosts that count as one. `gap` is in seconds, `anonymous_gap` the one for callers without a contact address."""

    hosts: tuple[str, ...]
    gap: float
    anonymous_gap: float | None = None
    for_programs: bool = True
    """Documented for programs: its terms of use count, not a robots.txt that is meant for crawlers."""

    @property
    def key(self) -> str:
        """The name under which its requests are counted."""
        return self.hosts[0]


SERVICES = (
    Service(hosts=("api.crossref.org",), gap=0.1, anonymous_gap=0.2),  # 10 and 5 a second since December 2025
    Service(hosts=("api.unpaywall.org",), gap=0.1),  # 100,000 a day
    Service(hosts=("api.openalex.org", "content.openalex.org"), gap=0.1),  # 100 a second at most
    Service(hosts=("api.datacite.org",), gap=0.6),  # 500 in five minutes
    Service(hosts=("export.arxiv.org", "arxiv.org"), gap=3.0),  # info.arxiv.org/help/api/tou.html
    Service(hosts=("www.ebi.ac.uk", "europepmc.org"), gap=1.0),  # no limit published
    Service(hosts=("eutils.ncbi.nlm.nih.gov",), gap=0.34),  # 3 a second without a key
    Service(hosts=("pmc.ncbi.nlm.nih.gov",), gap=1.0, for_programs=False),
    Service(hosts=("pmc-oa-opendata.s3.amazonaws.com",), gap=0.1),
    Service(hosts=("api.biorxiv.org",), gap=1.0),
    Service(hosts=("www.biorxiv.org",), gap=3.0, for_programs=False),
    Service(hosts=("www.medrxiv.org",), gap=3.0, for_programs=False),
    Service(hosts=("api.semanticscholar.org",), gap=1.0),  # 1 a second
    Service(hosts=("api.core.ac.uk",), gap=2.0),  # 5 in ten seconds
    Service(hosts=("doaj.org",), gap=0.5),  # 2 a second
    Service(hosts=("api.elsevier.com",), gap=0.1),  # 10 a second
    Service(hosts=("api.wiley.com",), gap=10.0),  # 60 in six minutes once; 10 seconds are the practice
    Service(hosts=("api.springernature.com",), gap=1.0),
)
BY_HOST: Mapping[str, Service] = {host: service for service in SERVICES for host in service.hosts}
