"""Publishers on Silverchair's and HighWire's platforms, and the platforms themselves."""

from application.publishers import Proof
from infrastructure.publishers.platforms.platform import Platform, Rule, below, rule, sign

_LINK = ("a.article-pdfLink",)


def _silverchair(name: str, prefixes: tuple[str, ...], *hosts: str, proof: Proof = Proof.UNPROVED) -> Platform:
    """Its files have tokens that expire: the link on the page is the only way, and it is followed at once."""
    return Platform(name=name, prefixes=prefixes, hosts=hosts, marks=_LINK, proof=proof)


SILVERCHAIR = (
    _silverchair("Oxford University Press", ("10.1093",), "academic.oup.com", proof=Proof.PROVED),
    _silverchair("JAMA Network", ("10.1001",), "jamanetwork.com", proof=Proof.PROVED),
    _silverchair("AIP and Acoustical Society", ("10.1063", "10.1121"), "pubs.aip.org"),
    _silverchair("American Society of Anesthesiologists", (), "pubs.asahq.org"),
    _silverchair("American Society of Hematology", ("10.1182",), "ashpublications.org"),
    _silverchair("American Association for Cancer Research", ("10.1158",), "aacrjournals.org"),
    _silverchair("American Diabetes Association", ("10.2337",), "diabetesjournals.org"),
    _silverchair("American Academy of Pediatrics", ("10.1542",), "publications.aap.org"),
    _silverchair("Rockefeller University Press", ("10.1083", "10.1084", "10.1085"), "rupress.org"),
    _silverchair("MIT Press", ("10.1162",), "direct.mit.edu"),
    _silverchair("Duke University Press", ("10.1215",), "read.dukeupress.edu"),
    _silverchair("Karger", ("10.1159",), "karger.com"),
    _silverchair("ASME", ("10.1115",), "asmedigitalcollection.asme.org"),
    _silverchair("IWA Publishing", ("10.2166",), "iwaponline.com"),
    Platform(
        name="Silverchair",
        hosts=("silverchair.com",),
        signs=(sign(r"\bsilverchair(?:-cdn)?\.com/"),),
        marks=_LINK,
    ),
)


def _page(host: str) -> Rule:
    address = (
        rf"{host}/content/((?:[\w.-]+/)*[\w.-]+?)(?<!\.pdf)(?:\.(?:abstract|full|full-text|short|long))?(?<!\.pdf)"
    )
    return rule(address, r"https://\g<1>/content/\g<2>.full.pdf")


def _highwire(name: str, prefixes: tuple[str, ...], *hosts: str, proof: Proof = Proof.UNPROVED) -> Platform:
    return Platform(name=name, prefixes=prefixes, hosts=hosts, pages=(_page(below(*hosts)),), proof=proof)


HIGHWIRE = (
    _highwire("BMJ", ("10.1136",), "bmj.com", proof=Proof.PROVED),
    _highwire("Journal of Neuroscience", ("10.1523",), "jneurosci.org", "eneuro.org", proof=Proof.PROVED),
    _highwire("Cold Spring Harbor Press", (), "cshlp.org"),
    _highwire("European Respiratory Society", ("10.1183",), "publications.ersnet.org", "ersjournals.com"),
    _highwire("Royal College of General Practitioners", ("10.3399",), "bjgp.org", "bjgpopen.org"),
    _highwire("Canadian Medical Association", ("10.1503",), "cmaj.ca", "cmajopen.ca"),
    Platform(
        name="HighWire",
        hosts=("highwire.org",),
        signs=(sign(r"<meta\s[^>]{0,200}\bname=[\"']?hw\.(?:identifier|ad-path|pisa)\b"),),
        pages=(_page(r"([^/?#]+)"),),
    ),
)
