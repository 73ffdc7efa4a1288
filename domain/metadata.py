"""What is known of a paper beside its identifiers."""

from attrs import asdict, field, frozen


def _clean(text: str | None) -> str | None:
    """The text without what no database and no log can keep: NUL and halves of surrogate pairs."""
    if text is None or (text.isascii() and "\0" not in text):
        return text
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _clean_all(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_clean(text) or "" for text in texts)


@frozen(kw_only=True)
class Metadata:
    """Bibliographic fields; None or () where unknown. Text is stored as it came, and escaped where it is shown."""

    title: str | None = field(default=None, converter=_clean)
    authors: tuple[str, ...] = field(default=(), converter=_clean_all)
    journal: str | None = field(default=None, converter=_clean)
    issn: tuple[str, ...] = field(default=(), converter=_clean_all)
    year: int | None = None
    publisher: str | None = field(default=None, converter=_clean)
    type: str | None = field(default=None, converter=_clean)
    url: str | None = field(default=None, converter=_clean)

    def known(self) -> dict[str, object]:
        """The known fields by name."""
        return {name: value for name, value in asdict(self, recurse=False).items() if value not in (None, ())}

    def filled(self, other: "Metadata") -> "Metadata":
        """These fields, and those of `other` where these are unknown."""
        return Metadata(**(other.known() | self.known()))  # type: ignore[arg-type]

    def difference(self, other: "Metadata") -> "Metadata":
        """The known fields of `other` that these do not have in the same form."""
        news = {name: value for name, value in other.known().items() if getattr(self, name) != value}
        return Metadata(**news)  # type: ignore[arg-type]
