"""Identifiers of papers."""

from enum import StrEnum

from attrs import frozen


class Scheme(StrEnum):
    """Who gave the identifier; strongest first when two disagree about a paper."""

    DOI = "doi"
    PMID = "pmid"
    PMCID = "pmcid"
    ARXIV = "arxiv"


@frozen
class Identifier:
    """A normalised identifier: the same work has the same value, however it was spelled."""

    scheme: Scheme
    value: str
