"""Software of repositories and small journals, known by its pages, and repositories that everybody uses."""

from application.publishers import Proof
from infrastructure.publishers.platforms.platform import Platform, below, rule, sign


def _generator(name: str) -> str:
    return rf"<meta\s[^>]{{0,100}}\bname=[\"']?generator[\"']?\s[^>]{{0,100}}\bcontent=[\"']?{name}\b"


REPOSITORIES = (
    Platform(
        name="OJS",
        hosts=("ojs.*",),
        signs=(sign(_generator("Open Journal Systems")), sign(r"\bobj_galley_link\b")),
        viewers=(rule(r"([^?#]+/article)/view(/[\w.-]+/\d+)", r"//\g<1>/download\g<2>"),),
        marks=("a.obj_galley_link.pdf", "a.obj_galley_link_pdf"),
    ),
    Platform(
        name="DSpace",
        hosts=("dspace.*",),
        signs=(sign(_generator("DSpace")), sign(r"<ds-(?:root|app)\b")),
        marks=('a[href*="/bitstream/"][href*=".pdf" i]', 'a[href*="/bitstreams/"][href*="/download"]'),
        proof=Proof.PROVED,
    ),
    Platform(
        name="EPrints",
        hosts=("eprints.*",),
        signs=(sign(_generator("EPrints")), sign(r"<meta\s[^>]{0,100}\bname=[\"']?eprints\.")),
        marks=("a.ep_document_link", "a.document-link"),
    ),
    Platform(
        name="Digital Commons",
        hosts=("digitalcommons.*", "bepress.com"),
        signs=(sign(r"<meta\s[^>]{0,100}\bname=[\"']?bepress_citation_"),),
        marks=('a#pdf[href*="viewcontent.cgi"]', 'a[href*="/cgi/viewcontent.cgi?"][title*="PDF"]'),
    ),
    Platform(
        name="Pure",
        hosts=("pure.*",),
        signs=(sign(_generator("Pure")), sign(r"\bportal\.elsevier\.com/pure")),
        marks=('a.document-link[href*=".pdf" i]', 'a[href*="/ws/portalfiles/portal/"][href*=".pdf" i]'),
    ),
    Platform(
        name="HAL",
        hosts=("hal.science", "archives-ouvertes.fr", "hal.*"),
        pages=(
            rule(
                rf"{below('hal.science', 'archives-ouvertes.fr')}/([\w-]+-\d{{6,8}}(?:v\d+)?)",
                r"https://\g<1>/\g<2>/document",
            ),
        ),
        proof=Proof.PROVED,
    ),
    Platform(
        name="Zenodo",
        prefixes=("10.5281",),
        hosts=("zenodo.org",),
        marks=('a[href*="/records/"][href*="/files/"][href*=".pdf" i]',),
    ),
    Platform(
        name="Invenio",
        signs=(sign(_generator("Invenio")), sign(r"\binveniordm\b|\binvenio-")),
        marks=('a[href*="/record/"][href*="/files/"][href*=".pdf" i]',),
    ),
    Platform(
        name="Islandora",
        hosts=("islandora.*",),
        signs=(sign(r"/islandora/object/"),),
        pages=(
            rule(r"([^/?#]+)/islandora/object/([\w%:.-]+)", r"//\g<1>/islandora/object/\g<2>/datastream/OBJ/download"),
        ),
        marks=('a[href*="/datastream/OBJ/"]', 'a[href*="/datastream/PDF/"]'),
    ),
    Platform(
        name="PubMed Central",
        hosts=("pmc.ncbi.nlm.nih.gov",),
        marks=('a[href*="/pdf/"][data-ga-label*="pdf" i]',),
        proof=Proof.PROVED,
    ),
    Platform(
        name="Europe PMC",
        hosts=("europepmc.org",),
        pages=(
            rule(
                r"europepmc\.org/(?:articles?|abstract)/(?:PMC/)?(PMC\d+)",
                r"https://europepmc.org/articles/\g<1>?pdf=render",
            ),
        ),
        proof=Proof.PROVED,
    ),
    Platform(
        name="Figshare",
        prefixes=("10.6084",),
        hosts=("figshare.com",),
        marks=('a[href*="/ndownloader/files/"]',),
    ),
)
