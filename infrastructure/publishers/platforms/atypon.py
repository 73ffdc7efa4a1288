"""Publishers on Atypon's platform: one rule for all, with their differences as data."""

from application.publishers import Proof
from infrastructure.publishers.platforms.platform import Platform, Rule, below, rule, sign

_VIEWS = "abs|full|full-xml|fullhtml|epub|epdf|reader|pdfplus|figure|ref|citedby|book"
"""What may stand between /doi/ and the DOI."""


def _atypon(
    name: str,
    prefixes: tuple[str, ...],
    hosts: tuple[str, ...],
    *,
    folder: str = "pdf",
    query: str = "",
    before: tuple[Rule, ...] = (),
    proof: Proof = Proof.UNPROVED,
) -> Platform:
    """A publisher whose files are at /doi/FOLDER/DOI?QUERY.

    `before` are rules for addresses that it had on another platform.
    """
    page = rule(rf"{below(*hosts)}/doi/(?:(?:{_VIEWS})/)?{{doi}}", rf"https://\g<1>/doi/{folder}/\g<doi>{query}")
    return Platform(name=name, prefixes=prefixes, hosts=hosts, pages=(page, *before), proof=proof)


_SHOWN = "?download=true"
_HIGHWIRE = (
    rule(
        r"((?:www\.)?pnas\.org)/content/(\d+/\d+/[\w.]+?)(?:\.(?:abstract|full))?",
        r"https://\g<1>/content/\g<2>.full.pdf",
    ),
)

ATYPON = (
    _atypon("Taylor & Francis", ("10.1080",), ("tandfonline.com",), query=_SHOWN),
    _atypon("SAGE", ("10.1177", "10.4135"), ("journals.sagepub.com",)),
    _atypon("ACS", ("10.1021",), ("pubs.acs.org",)),
    _atypon("ACM", ("10.1145",), ("dl.acm.org",)),
    _atypon("Science", ("10.1126",), ("science.org", "sciencemag.org")),
    _atypon("PNAS", ("10.1073",), ("pnas.org",), before=_HIGHWIRE, proof=Proof.PROVED),
    _atypon("NEJM", ("10.1056",), ("nejm.org",)),
    _atypon("American Heart Association", ("10.1161",), ("ahajournals.org",)),
    _atypon("Mary Ann Liebert", ("10.1089",), ("liebertpub.com",)),
    _atypon("Royal Society", ("10.1098",), ("royalsocietypublishing.org",)),
    _atypon("World Scientific", ("10.1142",), ("worldscientific.com",)),
    _atypon("University of Chicago Press", ("10.1086",), ("journals.uchicago.edu",)),
    _atypon("RSNA", ("10.1148",), ("pubs.rsna.org",)),
    _atypon("American Physiological Society", ("10.1152",), ("journals.physiology.org",)),
    _atypon("ASCO", ("10.1200",), ("ascopubs.org",), folder="pdfdirect"),
    _atypon("Annual Reviews", ("10.1146",), ("annualreviews.org",)),
    _atypon("American Public Health Association", ("10.2105",), ("ajph.aphapublications.org",), query=_SHOWN),
    _atypon("Inderscience", ("10.1504",), ("inderscienceonline.com",)),
    _atypon("Health Affairs", ("10.1377",), ("healthaffairs.org",)),
    _atypon("INFORMS", ("10.1287",), ("pubsonline.informs.org",)),
    _atypon("SIAM", ("10.1137",), ("epubs.siam.org",)),
    _atypon("ASM", ("10.1128",), ("journals.asm.org",)),
    _atypon("ASCE", ("10.1061",), ("ascelibrary.org",)),
    _atypon("Bone & Joint", ("10.1302",), ("boneandjoint.org.uk",)),
    _atypon("American Thoracic Society", ("10.1164", "10.1165", "10.1513"), ("atsjournals.org",)),
    _atypon("American Psychiatric Association", ("10.1176",), ("psychiatryonline.org",)),
    Platform(
        name="Cell Press and The Lancet",
        hosts=("cell.com", "thelancet.com"),
        pages=(
            rule(
                rf"{below('cell.com', 'thelancet.com')}(?:/[\w-]+)*/(?:fulltext|abstract|pdf)/([sp][\dx().%-]+)",
                r"https://\g<1>/action/showPdf?pii=\g<2>",
            ),
        ),
    ),
    Platform(
        name="Atypon",
        signs=(sign(r"<meta\s[^>]{0,200}\bname=[\"']?pbcontext\b"), sign(r"class=[\"'][^\"'>]{0,200}\bpb-page\b")),
        pages=(rule(rf"([^/?#]+)/doi/(?:(?:{_VIEWS})/)?{{doi}}", r"https://\g<1>/doi/pdf/\g<doi>"),),
        viewers=(rule(r"([^/?#]+/doi)/(?:reader|epdf)/{doi}", r"//\g<1>/pdf/\g<doi>"),),
        marks=("a.show-pdf", "a.btn--pdf"),
    ),
)
"""The last one is for societies that have no entry of their own: known by their pages."""
