"""A minimal page of our own for each platform, made as its pages are known to be, with the file that it leads to."""

from collections.abc import Mapping

from attrs import frozen


@frozen(kw_only=True)
class Sample:
    """A page: its address, what stands in it, and the address of the file."""

    url: str
    file: str
    page: str = ""
    doi: str = ""


def address(url: str, file: str, doi: str = "") -> Sample:
    """A page that says nothing: its address is enough."""
    return Sample(url=url, file=file, doi=doi)


def tag(url: str, file: str, doi: str = "", more: str = "") -> Sample:
    """A page that names its file for programs."""
    return Sample(url=url, file=file, doi=doi, page=f'<meta name="citation_pdf_url" content="{file}">{more}')


def link(url: str, file: str, doi: str, attributes: str, more: str = "") -> Sample:
    """A page whose link to the file has a mark; other links are about other things."""
    others = '<a href="/other.pdf">Author guidelines</a><a href="/more.pdf">Figure 1</a>'
    return Sample(url=url, file=file, doi=doi, page=f'{more}{others}<a {attributes} href="{file}">Here</a>')


def viewed(host: str, doi: str, query: str = "", folder: str = "pdf") -> Sample:
    """A page on Atypon's platform."""
    return address(f"https://{host}/doi/full/{doi}", f"https://{host}/doi/{folder}/{doi}{query}", doi)


def token(host: str, doi: str) -> Sample:
    """A page on Silverchair's platform."""
    page = f"https://{host}/journal/article/1/2/3/4"
    file = f"https://{host}/journal/article-pdf/1/2/3/5/x.pdf"
    return link(
        page, file, doi, 'class="al-link pdf article-pdfLink"', '<script src="//cdn.silverchair-cdn.com/a.js"></script>'
    )


def full(host: str, doi: str) -> Sample:
    """A page on HighWire's platform."""
    return address(f"https://{host}/content/12/3/456.abstract", f"https://{host}/content/12/3/456.full.pdf", doi)


SAMPLES: Mapping[str, Sample] = {
    "ScienceDirect": Sample(
        url="https://www.sciencedirect.com/science/article/pii/S000000000000001X",
        file="https://www.sciencedirect.com/science/article/pii/S000000000000001X/pdfft?md5=ab&pid=1-s2.0-main.pdf",
        page='<script>{"pdfDownload":{"isPdfFullText":true,"urlMetadata":{"queryParams":{"md5":"ab","pid":"1-s2.0-main.pdf"},"pii":"S000000000000001X","pdfExtension":"/pdfft","path":"science/article/pii"}}}</script>',
        doi="10.1016/j.x.2020.1",
    ),
    "Springer": address(
        "https://link.springer.com/article/10.1007/s10-020-1?x=1#abs",
        "https://link.springer.com/content/pdf/10.1007/s10-020-1.pdf",
        "10.1007/s10-020-1",
    ),
    "BMC and SpringerOpen": address(
        "https://bmcsomething.biomedcentral.com/articles/10.1186/s1-2-3",
        "https://bmcsomething.biomedcentral.com/counter/pdf/10.1186/s1-2-3.pdf",
        "10.1186/s1-2-3",
    ),
    "Nature": address(
        "https://www.nature.com/articles/s41598-020-1",
        "https://www.nature.com/articles/s41598-020-1.pdf",
        "10.1038/s41598-020-1",
    ),
    "Wiley": address(
        "https://onlinelibrary.wiley.com/doi/full/10.1111/epi.1",
        "https://onlinelibrary.wiley.com/doi/pdfdirect/10.1111/epi.1?download=true",
        "10.1111/epi.1",
    ),
    "Hindawi": address(
        "https://www.hindawi.com/journals/ecam/2020/123456/",
        "https://downloads.hindawi.com/journals/ecam/2020/123456.pdf",
        "10.1155/2020/123456",
    ),
    "IEEE Xplore": Sample(
        url="https://ieeexplore.ieee.org/document/1234567",
        file="https://ieeexplore.ieee.org/ielx7/1/2/01234567.pdf",
        page='<script>xplGlobal.document.metadata={"isOpenAccess":true,"pdfPath":"/ielx7/1/2/01234567.pdf"};</script>',
        doi="10.1109/ACCESS.2020.1",
    ),
    "MDPI": address(
        "https://www.mdpi.com/2076-342X/1/2/3/htm", "https://www.mdpi.com/2076-342X/1/2/3/pdf", "10.3390/x1020003"
    ),
    "PLOS": address(
        "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.1",
        "https://journals.plos.org/plosone/article/file?id=10.1371/journal.pone.1&type=printable",
        "10.1371/journal.pone.1",
    ),
    "Frontiers": address(
        "https://www.frontiersin.org/journals/some/articles/10.3389/f.2020.1/full",
        "https://www.frontiersin.org/articles/10.3389/f.2020.1/pdf",
        "10.3389/f.2020.1",
    ),
    "RSC": address(
        "https://pubs.rsc.org/en/content/articlelanding/2020/cc/d0cc00001a",
        "https://pubs.rsc.org/en/content/articlepdf/2020/cc/d0cc00001a",
        "10.1039/d0cc00001a",
    ),
    "IOP": address(
        "https://iopscience.iop.org/article/10.1088/1-2/3",
        "https://iopscience.iop.org/article/10.1088/1-2/3/pdf",
        "10.1088/1-2/3",
    ),
    "APS": address(
        "https://journals.aps.org/prl/abstract/10.1103/PhysRevLett.1.1",
        "https://journals.aps.org/prl/pdf/10.1103/PhysRevLett.1.1",
        "10.1103/PhysRevLett.1.1",
    ),
    "Cambridge University Press": link(
        "https://www.cambridge.org/core/journals/x/article/title/AB12",
        "https://www.cambridge.org/core/services/aop-cambridge-core/content/view/AB12/S1.pdf/title.pdf",
        "10.1017/S1",
        'target="_blank"',
    ),
    "De Gruyter": address(
        "https://www.degruyter.com/document/doi/10.1515/x-2020-1/html",
        "https://www.degruyter.com/document/doi/10.1515/x-2020-1/pdf",
        "10.1515/x-2020-1",
    ),
    "Emerald": address(
        "https://www.emerald.com/insight/content/doi/10.1108/X-01-2020-1/full/html",
        "https://www.emerald.com/insight/content/doi/10.1108/X-01-2020-1/full/pdf",
        "10.1108/X-01-2020-1",
    ),
    "Thieme": address(
        "https://www.thieme-connect.com/products/ejournals/abstract/10.1055/s-1-2",
        "https://www.thieme-connect.com/products/ejournals/pdf/10.1055/s-1-2.pdf",
        "10.1055/s-1-2",
    ),
    "Lippincott Williams & Wilkins": Sample(
        url="https://journals.lww.com/j/fulltext/2020/01000/title.1.aspx",
        file="https://pdfs.journals.lww.com/j/2020/01000/title.1.pdf?token=ab",
        page='<meta name="wkhealth_pdf_url" content="https://pdfs.journals.lww.com/j/2020/01000/title.1.pdf?token=ab">',
        doi="10.1097/X.1",
    ),
    "J-STAGE": address(
        "https://www.jstage.jst.go.jp/article/j/1/2/1_3/_article/-char/ja",
        "https://www.jstage.jst.go.jp/article/j/1/2/1_3/_pdf",
    ),
    "SciELO": tag(
        "https://www.scielo.br/j/x/a/AbC/?lang=en",
        "https://www.scielo.br/j/x/a/AbC/?format=pdf&amp;lang=en".replace("&amp;", "&"),
        "10.1590/x.1",
    ),
    "eLife": link(
        "https://elifesciences.org/articles/12345",
        "https://elifesciences.org/download/ab/elife-12345-v1.pdf",
        "10.7554/eLife.12345",
        'data-download-type="pdf-article"',
    ),
    "Copernicus": address(
        "https://acp.copernicus.org/articles/20/1/2020/",
        "https://acp.copernicus.org/articles/20/1/2020/acp-20-1-2020.pdf",
        "10.5194/acp-20-1-2020",
    ),
    "PeerJ": address("https://peerj.com/articles/12/", "https://peerj.com/articles/12.pdf", "10.7717/peerj.12"),
    "ACL Anthology": address(
        "https://aclanthology.org/P99-1001", "https://aclanthology.org/P99-1001.pdf", "10.18653/v1/P99-1001"
    ),
    "Project Euclid": address(
        "https://projecteuclid.org/journals/some-journal/volume-1/issue-2/Title/10.1214/20-X1.full",
        "https://projecteuclid.org/journals/some-journal/volume-1/issue-2/Title/10.1214/20-X1.pdf",
        "10.1214/20-X1",
    ),
    "EDP Sciences": address(
        "https://www.aanda.org/articles/aa/abs/2020/01/aa1-20/aa1-20.html",
        "https://www.aanda.org/articles/aa/pdf/2020/01/aa1-20.pdf",
        "10.1051/0004-6361/1",
    ),
    "APA PsycNet": address(
        "https://psycnet.apa.org/doiLanding?doi=10.1037/x0000001",
        "https://psycnet.apa.org/fulltext/10.1037/x0000001.pdf",
        "10.1037/x0000001",
    ),
    "Dove Medical Press": link(
        "https://www.dovepress.com/title-peer-reviewed-fulltext-article-X",
        "https://www.dovepress.com/getfile.php?fileID=123",
        "10.2147/X.1",
        'id="download-pdf"',
    ),
    "USENIX": tag(
        "https://www.usenix.org/conference/x20/presentation/name", "https://www.usenix.org/system/files/x20-name.pdf"
    ),
    "arXiv": address(
        "https://arxiv.org/abs/2101.00001v2", "https://arxiv.org/pdf/2101.00001v2", "10.48550/arXiv.2101.00001"
    ),
    "bioRxiv and medRxiv": address(
        "https://www.biorxiv.org/content/10.1101/2020.01.02.1v1.full",
        "https://www.biorxiv.org/content/10.1101/2020.01.02.1v1.full.pdf",
        "10.1101/2020.01.02.1",
    ),
    "ChemRxiv": link(
        "https://chemrxiv.org/engage/chemrxiv/article-details/ab12",
        "https://chemrxiv.org/engage/api-gateway/chemrxiv/assets/orp/resource/item/ab12/original/title.pdf",
        "10.26434/chemrxiv-2020-1",
        "",
    ),
    "OSF": address(
        "https://osf.io/preprints/psyarxiv/ab3cd", "https://osf.io/download/ab3cd/", "10.31234/osf.io/ab3cd"
    ),
    "Research Square": address(
        "https://www.researchsquare.com/article/rs-123/v1",
        "https://www.researchsquare.com/article/rs-123/v1.pdf",
        "10.21203/rs.3.rs-123/v1",
    ),
    "Preprints.org": address(
        "https://www.preprints.org/manuscript/202001.0001/v1",
        "https://www.preprints.org/manuscript/202001.0001/v1/download",
        "10.20944/preprints202001.0001.v1",
    ),
    "NBER": address(
        "https://www.nber.org/papers/w123",
        "https://www.nber.org/system/files/working_papers/w123/w123.pdf",
        "10.3386/w123",
    ),
    "Taylor & Francis": viewed("www.tandfonline.com", "10.1080/1.2020.3", "?download=true"),
    "SAGE": viewed("journals.sagepub.com", "10.1177/1"),
    "ACS": viewed("pubs.acs.org", "10.1021/acs.x.0c00001"),
    "ACM": viewed("dl.acm.org", "10.1145/1.2"),
    "Science": viewed("www.science.org", "10.1126/science.x1"),
    "PNAS": viewed("www.pnas.org", "10.1073/pnas.1"),
    "NEJM": viewed("www.nejm.org", "10.1056/NEJMoa1"),
    "American Heart Association": viewed("www.ahajournals.org", "10.1161/X.1"),
    "Mary Ann Liebert": viewed("www.liebertpub.com", "10.1089/x.2020.1"),
    "Royal Society": viewed("royalsocietypublishing.org", "10.1098/rsos.1"),
    "World Scientific": viewed("www.worldscientific.com", "10.1142/S1"),
    "University of Chicago Press": viewed("www.journals.uchicago.edu", "10.1086/1"),
    "RSNA": viewed("pubs.rsna.org", "10.1148/radiol.1"),
    "American Physiological Society": viewed("journals.physiology.org", "10.1152/x.1.2020"),
    "ASCO": viewed("ascopubs.org", "10.1200/JCO.1", folder="pdfdirect"),
    "Annual Reviews": viewed("www.annualreviews.org", "10.1146/annurev-x-1"),
    "American Public Health Association": viewed("ajph.aphapublications.org", "10.2105/AJPH.1", "?download=true"),
    "Inderscience": viewed("www.inderscienceonline.com", "10.1504/X.1"),
    "Health Affairs": viewed("www.healthaffairs.org", "10.1377/x.1"),
    "INFORMS": viewed("pubsonline.informs.org", "10.1287/x.1"),
    "SIAM": viewed("epubs.siam.org", "10.1137/1"),
    "ASM": viewed("journals.asm.org", "10.1128/x.1"),
    "ASCE": viewed("ascelibrary.org", "10.1061/X.1"),
    "Bone & Joint": viewed("boneandjoint.org.uk", "10.1302/x.1"),
    "American Thoracic Society": viewed("www.atsjournals.org", "10.1164/x.1"),
    "American Psychiatric Association": viewed("ajp.psychiatryonline.org", "10.1176/x.1"),
    "Cell Press and The Lancet": address(
        "https://www.cell.com/cell/fulltext/S0092-8674(20)30001-1",
        "https://www.cell.com/action/showPdf?pii=S0092-8674(20)30001-1",
    ),
    "Atypon": Sample(
        url="https://journals.society.example.org/doi/abs/10.5555/1",
        file="https://journals.society.example.org/doi/pdf/10.5555/1",
        page='<meta name="pbContext" content=";page:string:Article">',
    ),
    "Oxford University Press": token("academic.oup.com", "10.1093/x/1"),
    "JAMA Network": tag(
        "https://jamanetwork.com/journals/jama/fullarticle/123",
        "https://jamanetwork.com/journals/jama/articlepdf/123/x1.pdf",
        "10.1001/jama.1",
    ),
    "AIP and Acoustical Society": token("pubs.aip.org", "10.1063/1.1"),
    "American Society of Anesthesiologists": token("pubs.asahq.org", ""),
    "American Society of Hematology": token("ashpublications.org", "10.1182/x.1"),
    "American Association for Cancer Research": token("aacrjournals.org", "10.1158/x.1"),
    "American Diabetes Association": token("diabetesjournals.org", "10.2337/x1"),
    "American Academy of Pediatrics": token("publications.aap.org", "10.1542/x.1"),
    "Rockefeller University Press": token("rupress.org", "10.1083/x.1"),
    "MIT Press": token("direct.mit.edu", "10.1162/x.1"),
    "Duke University Press": token("read.dukeupress.edu", "10.1215/1"),
    "Karger": token("karger.com", "10.1159/1"),
    "ASME": token("asmedigitalcollection.asme.org", "10.1115/1.1"),
    "IWA Publishing": token("iwaponline.com", "10.2166/x.1"),
    "Silverchair": token("journals.society.example.org", ""),
    "BMJ": full("www.bmj.com", "10.1136/bmj.x1"),
    "Journal of Neuroscience": full("www.jneurosci.org", "10.1523/X.1"),
    "Cold Spring Harbor Press": full("genesdev.cshlp.org", ""),
    "European Respiratory Society": full("publications.ersnet.org", "10.1183/1"),
    "Royal College of General Practitioners": full("bjgp.org", "10.3399/x1"),
    "Canadian Medical Association": full("www.cmaj.ca", "10.1503/cmaj.1"),
    "HighWire": Sample(
        url="https://journal.society.example.org/content/1/2/3",
        file="https://journal.society.example.org/content/1/2/3.full.pdf",
        page='<meta name="HW.identifier" content="/x/1/2/3.atom">',
    ),
    "OJS": link(
        "https://j.example.org/index.php/j/article/view/7",
        "https://j.example.org/index.php/j/article/download/7/8",
        "",
        'class="obj_galley_link pdf"',
        '<meta name="generator" content="Open Journal Systems 3.3.0.8">',
    ),
    "DSpace": link(
        "https://repository.example.edu/handle/1721.1/1",
        "https://repository.example.edu/bitstream/handle/1721.1/1/thesis.pdf?sequence=1",
        "",
        "",
        '<meta name="Generator" content="DSpace 6.3"><a href="/bitstream/handle/1721.1/1/license.txt">Licence</a>',
    ),
    "EPrints": Sample(
        url="https://archive.example.ac.uk/1/",
        file="https://archive.example.ac.uk/1/1/paper.pdf",
        page='<meta name="eprints.document_url" content="/1/1/paper.pdf">',
    ),
    "Digital Commons": Sample(
        url="https://works.example.edu/x/1/",
        file="https://works.example.edu/cgi/viewcontent.cgi?article=1&context=x",
        page='<meta name="bepress_citation_pdf_url" content="/cgi/viewcontent.cgi?article=1&amp;context=x">',
    ),
    "Pure": link(
        "https://research.example.ac.uk/en/publications/title",
        "https://research.example.ac.uk/ws/portalfiles/portal/1/paper.pdf",
        "",
        'class="link document-link"',
        '<meta name="generator" content="Pure">',
    ),
    "HAL": address("https://hal.science/hal-01234567v1", "https://hal.science/hal-01234567v1/document"),
    "Zenodo": link(
        "https://zenodo.org/records/123",
        "https://zenodo.org/records/123/files/paper.pdf?download=1",
        "10.5281/zenodo.123",
        "",
    ),
    "Invenio": link(
        "https://repository.example.org/record/123",
        "https://repository.example.org/record/123/files/paper.pdf",
        "",
        "",
        '<meta name="generator" content="Invenio">',
    ),
    "Islandora": Sample(
        url="https://repository.example.edu/islandora/object/x:1",
        file="https://repository.example.edu/islandora/object/x:1/datastream/OBJ/download",
        page='<body class="page-islandora-object"><form action="/islandora/object/x:1/search"></form>',
    ),
    "PubMed Central": tag(
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/", "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/pdf/x.pdf"
    ),
    "Europe PMC": address("https://europepmc.org/article/PMC/PMC12", "https://europepmc.org/articles/PMC12?pdf=render"),
    "Figshare": link(
        "https://figshare.com/articles/journal_contribution/Title/1",
        "https://figshare.com/ndownloader/files/2",
        "10.6084/m9.figshare.1",
        "",
    ),
}
"""One for each platform that may be asked, by its name."""
