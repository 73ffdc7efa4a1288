"""Servers of preprints and working papers."""

from application.publishers import Proof
from infrastructure.publishers.platforms.platform import Platform, rule

PREPRINTS = (
    Platform(
        name="arXiv",
        prefixes=("10.48550",),
        hosts=("arxiv.org",),
        pages=(
            rule(
                r"(?:www\.|export\.)?arxiv\.org/abs/([a-z.-]+/\d{7}(?:v\d+)?|\d{4}\.\d{4,5}(?:v\d+)?)",
                r"https://arxiv.org/pdf/\g<1>",
            ),
        ),
    ),
    Platform(
        name="bioRxiv and medRxiv",
        prefixes=("10.1101", "10.64898"),
        hosts=("biorxiv.org", "medrxiv.org"),
        pages=(
            rule(
                r"(?:www\.)?(biorxiv|medrxiv)\.org/content/(10\.\d+/[\d.]+v\d+)(?:\.(?:abstract|full|full-text))?",
                r"https://www.\g<1>.org/content/\g<2>.full.pdf",
            ),
            rule(
                r"(?:www\.)?(biorxiv|medrxiv)\.org/content/(?:\w+/)?early/([\d/]+)(?:\.(?:abstract|full))?",
                r"https://www.\g<1>.org/content/\g<1>/early/\g<2>.full.pdf",
            ),
        ),
    ),
    Platform(
        name="ChemRxiv",
        prefixes=("10.26434",),
        hosts=("chemrxiv.org",),
        marks=('a[href*="/assets/orp/resource/item/"][href*=".pdf" i]',),
    ),
    Platform(
        name="OSF",
        prefixes=("10.31219", "10.31234", "10.31235", "10.31223", "10.31222", "10.35542", "10.17605"),
        hosts=("osf.io", "psyarxiv.com"),
        pages=(
            rule(r"osf\.io/(?:preprints/(?:\w+/)?)?([a-z0-9]{5}(?:_v\d+)?)", r"https://osf.io/download/\g<1>/"),
            rule(r"psyarxiv\.com/([a-z0-9]{5})", r"https://osf.io/download/\g<1>/"),
        ),
    ),
    Platform(
        name="Research Square",
        prefixes=("10.21203",),
        hosts=("researchsquare.com",),
        pages=(
            rule(
                r"(?:www\.)?researchsquare\.com/article/(rs-\d+)/(v\d+)",
                r"https://www.researchsquare.com/article/\g<1>/\g<2>.pdf",
            ),
        ),
    ),
    Platform(
        name="Preprints.org",
        prefixes=("10.20944",),
        hosts=("preprints.org",),
        pages=(
            rule(
                r"(?:www\.)?preprints\.org/manuscript/(\d{6}\.\d{4})/(v\d+)",
                r"https://www.preprints.org/manuscript/\g<1>/\g<2>/download",
            ),
        ),
    ),
    Platform(
        name="NBER",
        prefixes=("10.3386",),
        hosts=("nber.org",),
        pages=(
            rule(
                r"(?:www\.)?nber\.org/papers/(w\d+)",
                r"https://www.nber.org/system/files/working_papers/\g<1>/\g<1>.pdf",
            ),
        ),
        proof=Proof.PROVED,
    ),
)
