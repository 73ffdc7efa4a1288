"""What is known of a paper beside its identifiers."""

from collections.abc import Mapping
from datetime import MAXYEAR, MINYEAR

from attrs import asdict, field, frozen

from domain.records import storable

NO_ARTICLES: Mapping[str, str] = {
    "component": "a part of another work, a figure or a table for one",
    "journal": "a journal",
    "journal-volume": "a volume of a journal",
    "journal-issue": "an issue of a journal",
    "book-series": "a series of books",
    "book-set": "a set of books",
    "peer-review": "a review of another work",
    "reference-entry": "an entry of a reference work",
    "database": "a database",
    "dataset": "a data set",
    "grant": "a grant",
    "software": "a program",
    "image": "an image",
    "audiovisual": "a film or a sound",
    "collection": "a collection",
}
"""Types of registered works that are no articles, in words: Crossref's (api.crossref.org/types) and DataCite's.

Reports that came out in a series are often registered as the series: that type tells nothing.
"""


def _year(year: int | None) -> int | None:
    return year if year is not None and MINYEAR <= year <= MAXYEAR else None


@frozen(kw_only=True, field_transformer=storable)
class Metadata:
    """Bibliographic fields; None or () where unknown. Text is stored as it came, and escaped where it is shown.

    A year outside of 1 to 9999 counts as unknown.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    journal: str | None = None
    issn: tuple[str, ...] = ()
    year: int | None = field(default=None, converter=_year)
    publisher: str | None = None
    type: str | None = None
    url: str | None = None

    def known(self) -> dict[str, object]:
        """The known fields by name."""
        return {name: value for name, value in asdict(self, recurse=False).items() if value not in (None, ())}

    def filled(self, other: "Metadata") -> "Metadata":
        """These fields, and those of `other` where these are unknown."""
        return Metadata(**(other.known() | self.known()))  # type: ignore[arg-type]

    def gaps(self, other: "Metadata") -> "Metadata":
        """The known fields of `other` that are unknown here."""
        here = self.known()
        news = {name: value for name, value in other.known().items() if name not in here}
        return Metadata(**news)  # type: ignore[arg-type]

    def difference(self, other: "Metadata") -> "Metadata":
        """The known fields of `other` that these do not have in the same form."""
        news = {name: value for name, value in other.known().items() if getattr(self, name) != value}
        return Metadata(**news)  # type: ignore[arg-type]
