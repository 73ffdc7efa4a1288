"""What is known of a paper beside its identifiers."""

from attrs import Attribute, evolve, fields, frozen


@frozen(kw_only=True)
class Metadata:
    """Bibliographic fields; None or () where unknown. Text is stored as it came, and escaped where it is shown."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    journal: str | None = None
    issn: tuple[str, ...] = ()
    year: int | None = None
    publisher: str | None = None
    type: str | None = None
    url: str | None = None

    def filled(self, other: "Metadata") -> "Metadata":
        """These fields, and those of `other` where these are unknown."""
        return evolve(other, **self.known())

    def known(self) -> dict[str, object]:
        """The known fields by name."""
        return {a.name: v for a in _fields() if (v := getattr(self, a.name)) not in (None, ())}

    def difference(self, other: "Metadata") -> "Metadata":
        """The known fields of `other` that these do not have in the same form."""
        known = other.known()
        return Metadata(**{name: value for name, value in known.items() if getattr(self, name) != value})  # type: ignore[arg-type]


def _fields() -> tuple["Attribute[object]", ...]:
    return tuple(fields(Metadata))
