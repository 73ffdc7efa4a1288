"""Publishers with platforms of their own."""

from application.publishers import Proof
from infrastructure.publishers import ieee, nature, sciencedirect
from infrastructure.publishers.platforms.platform import Platform, below, rule

_DE_GRUYTER = below("degruyter.com", "degruyterbrill.com")

HOUSES = (
    Platform(
        name="ScienceDirect",
        prefixes=("10.1016", "10.1006"),
        hosts=("sciencedirect.com", "linkinghub.elsevier.com"),
        marks=('a[href*="/science/article/am/pii/"]',),
        data=sciencedirect.files,
        proof=Proof.PROVED,
    ),
    Platform(
        name="Springer",
        prefixes=("10.1007", "10.1140", "10.1023"),
        hosts=("link.springer.com",),
        pages=(
            rule(
                r"link\.springer\.com/(?:article|chapter)/{doi}",
                r"https://link.springer.com/content/pdf/\g<doi>.pdf",
            ),
        ),
        marks=('a[data-track-action="download pdf" i]',),
        proof=Proof.PROVED,
    ),
    Platform(
        name="BMC and SpringerOpen",
        prefixes=("10.1186",),
        hosts=("biomedcentral.com", "springeropen.com"),
        pages=(
            rule(
                r"((?:[\w-]+\.)+(?:biomedcentral|springeropen)\.com)/articles/{doi}",
                r"https://\g<1>/counter/pdf/\g<doi>.pdf",
            ),
        ),
        proof=Proof.PROVED,
    ),
    Platform(
        name="Nature",
        prefixes=("10.1038",),
        hosts=("nature.com",),
        pages=(
            rule(
                r"www\.nature\.com/articles/((?!d\d)[\w.-]*\d[\w-]*)",
                r"https://www.nature.com/articles/\g<1>.pdf",
            ),
        ),
        data=nature.files,
    ),
    Platform(
        name="Wiley",
        prefixes=("10.1002", "10.1111", "10.1113", "10.1046", "10.1034", "10.1096", "10.1118", "10.1029"),
        hosts=("onlinelibrary.wiley.com",),
        pages=(
            rule(
                rf"{below('onlinelibrary.wiley.com')}/doi/(?:(?:abs|full|e?pdf)/)?{{doi}}(?:/(?:abstract|full|e?pdf))?",
                r"https://\g<1>/doi/pdfdirect/\g<doi>?download=true",
            ),
        ),
        proof=Proof.PROVED,
    ),
    Platform(
        name="Hindawi",
        prefixes=("10.1155",),
        hosts=("hindawi.com",),
        pages=(
            rule(
                r"(?:www\.)?hindawi\.com/journals/(\w+)/(\d{4})/(\d+)",
                r"https://downloads.hindawi.com/journals/\g<1>/\g<2>/\g<3>.pdf",
            ),
        ),
        proof=Proof.PROVED,
    ),
    Platform(
        name="IEEE Xplore",
        prefixes=("10.1109",),
        hosts=("ieeexplore.ieee.org",),
        pages=(
            rule(
                r"ieeexplore\.ieee\.org/(?:abstract/)?document/(\d+)",
                r"https://ieeexplore.ieee.org/stamp/stamp.jsp?tp=&arnumber=\g<1>",
            ),
        ),
        data=ieee.files,
    ),
    Platform(
        name="MDPI",
        prefixes=("10.3390",),
        hosts=("mdpi.com",),
        pages=(rule(r"www\.mdpi\.com/(\d{4}-\d{3}[\dx]/\d+/\d+/\d+)(?:/htm)?", r"https://www.mdpi.com/\g<1>/pdf"),),
        proof=Proof.PROVED,
    ),
    Platform(
        name="PLOS",
        prefixes=("10.1371",),
        hosts=("journals.plos.org", "plosone.org", "plosbiology.org", "plosgenetics.org", "plosmedicine.org"),
        pages=(
            rule(
                r"journals\.plos\.org/(\w+)/article\?(?:[^#]*&)?id=(?:info:doi/)?(?P<doi>10\.1371/[^&#]+)(?:&[^#]*)?",
                r"https://journals.plos.org/\g<1>/article/file?id=\g<doi>&type=printable",
            ),
            rule(
                r"(www\.plos\w+\.org)/article/info(?:%3a|:)doi(?:%2f|/)(10\.1371)(?:%2f|/)([\w.]+)",
                r"http://\g<1>/article/fetchObject.action?uri=info:doi/\g<2>/\g<3>&representation=PDF",
            ),
        ),
        proof=Proof.PROVED,
    ),
    Platform(
        name="Frontiers",
        prefixes=("10.3389",),
        hosts=("frontiersin.org",),
        pages=(
            rule(
                r"www\.frontiersin\.org/(?:journals/[\w-]+/)?articles/{doi}(?<!/pdf)(?:/full|/abstract)?",
                r"https://www.frontiersin.org/articles/\g<doi>/pdf",
            ),
        ),
    ),
    Platform(
        name="RSC",
        prefixes=("10.1039",),
        hosts=("pubs.rsc.org",),
        pages=(
            rule(
                r"(pubs\.rsc\.org(?:/en)?/content)/article(?:landing|html)/(\d{4}/\w+/\w+)",
                r"https://\g<1>/articlepdf/\g<2>",
            ),
        ),
    ),
    Platform(
        name="IOP",
        prefixes=("10.1088", "10.1149", "10.3847"),
        hosts=("iopscience.iop.org",),
        pages=(
            rule(
                r"iopscience\.iop\.org/article/{doi}(?<!/pdf)(?:/meta)?",
                r"https://iopscience.iop.org/article/\g<doi>/pdf",
            ),
        ),
        marks=("a.content-download",),
    ),
    Platform(
        name="APS",
        prefixes=("10.1103",),
        hosts=("journals.aps.org", "link.aps.org"),
        pages=(
            rule(
                r"journals\.aps\.org/(\w+)/(?:abstract|references|cited-by|supplemental)/{doi}",
                r"https://journals.aps.org/\g<1>/pdf/\g<doi>",
            ),
        ),
        proof=Proof.PROVED,
    ),
    Platform(
        name="Cambridge University Press",
        prefixes=("10.1017",),
        hosts=("cambridge.org",),
        marks=('a[href*="/services/aop-cambridge-core/content/view/"]',),
    ),
    Platform(
        name="De Gruyter",
        prefixes=("10.1515",),
        hosts=("degruyter.com", "degruyterbrill.com"),
        pages=(
            rule(
                rf"{_DE_GRUYTER}/document/doi/{{doi}}(?<!/pdf)(?:/html|/xml)?(?<!/pdf)",
                r"https://\g<1>/document/doi/\g<doi>/pdf",
            ),
        ),
        marks=("a.downloadPdf",),
    ),
    Platform(
        name="Emerald",
        prefixes=("10.1108",),
        hosts=("emerald.com",),
        pages=(
            rule(
                r"www\.emerald\.com/insight/content/doi/{doi}(?<!/pdf)/full/(?:html|xml)",
                r"https://www.emerald.com/insight/content/doi/\g<doi>/full/pdf",
            ),
        ),
        marks=("a.intent_pdf_link",),
    ),
    Platform(
        name="Thieme",
        prefixes=("10.1055",),
        hosts=("thieme-connect.com", "thieme-connect.de"),
        pages=(
            rule(
                rf"{below('thieme-connect.com', 'thieme-connect.de')}/products/ejournals/(?:abstract|html)/{{doi}}",
                r"https://\g<1>/products/ejournals/pdf/\g<doi>.pdf",
            ),
        ),
    ),
    Platform(name="Lippincott Williams & Wilkins", prefixes=("10.1097", "10.1213"), hosts=("journals.lww.com",)),
    Platform(
        name="J-STAGE",
        hosts=("jstage.jst.go.jp",),
        pages=(
            rule(
                r"www\.jstage\.jst\.go\.jp/article/([^?#]+)/_article(?:/-char/\w+)?",
                r"https://www.jstage.jst.go.jp/article/\g<1>/_pdf",
            ),
        ),
        marks=("a.thirdlevel-pdf-btn",),
    ),
    Platform(name="SciELO", prefixes=("10.1590",), hosts=("scielo.*",)),
    Platform(
        name="eLife",
        prefixes=("10.7554",),
        hosts=("elifesciences.org",),
        pages=(
            rule(
                r"(?:www\.)?elifesciences\.org/content/(\d+)/(e\d+)",
                r"https://elifesciences.org/content/\g<1>/\g<2>.full.pdf",
            ),
        ),
        marks=('a[data-download-type="pdf-article"]',),
        proof=Proof.PROVED,
    ),
    Platform(
        name="Copernicus",
        prefixes=("10.5194",),
        hosts=("copernicus.org",),
        pages=(
            rule(
                r"(\w+)\.copernicus\.org/articles/(\d+)/(\d+)/(\d{4})(?:/[\w-]+\.html)?",
                r"https://\g<1>.copernicus.org/articles/\g<2>/\g<3>/\g<4>/\g<1>-\g<2>-\g<3>-\g<4>.pdf",
            ),
        ),
    ),
    Platform(
        name="PeerJ",
        prefixes=("10.7717",),
        hosts=("peerj.com",),
        pages=(rule(r"peerj\.com/(articles|preprints)/([\w.-]*\d)(?:\.html)?", r"https://peerj.com/\g<1>/\g<2>.pdf"),),
        proof=Proof.PROVED,
    ),
    Platform(
        name="ACL Anthology",
        prefixes=("10.18653",),
        hosts=("aclanthology.org",),
        pages=(
            rule(
                r"aclanthology\.org/([a-z]\d\d-\d{4}|\d{4}\.[\w-]+\.\d+)",
                r"https://aclanthology.org/\g<1>.pdf",
            ),
        ),
        proof=Proof.PROVED,
    ),
    Platform(
        name="Project Euclid",
        prefixes=("10.1214",),
        hosts=("projecteuclid.org",),
        pages=(
            rule(
                r"(projecteuclid\.org/journals/[^?#]+/(?:10\.\d{4,9}/)?[\w./-]+?)\.(?:full|short)",
                r"https://\g<1>.pdf",
            ),
        ),
        proof=Proof.PROVED,
    ),
    Platform(
        name="EDP Sciences",
        prefixes=("10.1051",),
        hosts=("aanda.org", "edpsciences.org", "epj-conferences.org"),
        pages=(
            rule(
                r"([\w.-]+\.org)/articles/(\w+)/(?:abs|full_html|ref|olm)/(\d+)/(\d+)/([\w-]+)/[\w-]+\.html",
                r"https://\g<1>/articles/\g<2>/pdf/\g<3>/\g<4>/\g<5>.pdf",
            ),
        ),
    ),
    Platform(
        name="APA PsycNet",
        prefixes=("10.1037",),
        hosts=("psycnet.apa.org",),
        pages=(
            rule(r"psycnet\.apa\.org/(?:doiLanding\?doi=|doi/){doi}", r"https://psycnet.apa.org/fulltext/\g<doi>.pdf"),
        ),
    ),
    Platform(
        name="Dove Medical Press",
        prefixes=("10.2147",),
        hosts=("dovepress.com",),
        marks=("a#download-pdf", 'a[href*="/getfile.php?fileID="]', 'a[href^="/article/download/"]'),
    ),
    Platform(name="USENIX", hosts=("usenix.org",), proof=Proof.PROVED),
)
