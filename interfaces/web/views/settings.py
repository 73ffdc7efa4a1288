"""The settings, section by section."""

from collections.abc import Mapping

from attrs import field, fields, frozen
from typed_settings.types import SecretStr

from application.formats import size
from domain.errors import DoesNotExist, InvalidValue
from interfaces.container import Container
from interfaces.settings import PREFIX, Settings
from interfaces.settings_book import AT_ONCE, CHANGEABLE, KEYS, SettingsBook, is_secret, shown
from interfaces.web.views.names import ExamplesView, examples_view

_MEANINGS = {one.name: one.metadata["meaning"] for one in fields(Settings)}
_UNITS = {"_bytes": "bytes", "_seconds": "seconds", "_gap": "seconds", "_rows": "rows", "hands": "papers"}
"""What the numbers count, by how the names end."""
_DEFAULTS = {one.name: one.default for one in fields(Settings)}


@frozen(kw_only=True)
class Section:
    """Settings that are changed together."""

    name: str
    title: str
    text: str
    names: tuple[str, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        name="contact",
        title="Contact address",
        text=(
            "It stands in every request, so that who runs a site can write to you instead of shutting you out. "
            "Unpaywall answers only with one."
        ),
        names=("contact_email",),
    ),
    Section(
        name="politeness",
        title="Politeness and patience",
        text="Services with rules of their own are asked by those, whatever stands here.",
        names=("host_gap", "hands", "page_seconds", "file_seconds", "check_seconds"),
    ),
    Section(
        name="sizes",
        title="Sizes",
        text="A megabyte is 1000000 bytes, a gigabyte 1000 of these.",
        names=("max_file_bytes", "disk_reserve_bytes", "max_upload_bytes", "max_rows"),
    ),
    Section(
        name="library",
        title="Names of files",
        text=(
            "Made of text and these fields: {author}, {authors}, {year}, {title}, {journal}, {publisher}, {type}, "
            "{doi}, {pmid}, {pmcid}, {arxiv}. A slash makes a folder. Files that are there keep their names until you "
            "rename them."
        ),
        names=("name_pattern",),
    ),
    Section(
        name="sources",
        title="Addresses of the sources",
        text="For mirrors and gateways of your institution.",
        names=tuple(name for name in _DEFAULTS if name.endswith("_url") and name in CHANGEABLE),
    ),
    Section(
        name="own-sources",
        title="Resolvers of your own",
        text=(
            "Sources that you describe: an address with {doi}, {pmid}, {pmcid} or {arxiv} in it, and the place in its "
            "answer at which files are named. They stand among the sources with all the others. For example: "
            '[{"name": "library", "url": "https://repository.example/api?doi={doi}", "path": "results[*].file.url"}]'
        ),
        names=("resolvers",),
    ),
    Section(
        name="keys",
        title="Keys",
        text=(
            "Sources that want a key of yours, or answer better with one, are shown it, and nobody else is. Keys are "
            "kept in files of their own that only this user can read, never in the log."
        ),
        names=(*KEYS, "secret_key"),
    ),
)


@frozen(kw_only=True)
class Field:
    """A setting with its value as text; `error` tells what is wrong with what was typed."""

    name: str
    variable: str
    meaning: str
    value: str
    default: str
    origin: str
    unit: str
    """What its number counts; "" for what is none."""
    readable: str
    """The same in larger units, where that is easier to read."""
    kind: str
    """The type of its input: email, number, url, password or text."""
    fixed: bool
    at_once: bool
    is_set: bool
    error: str

    @property
    def label(self) -> str:
        """What it means, as it stands over its field."""
        return self.meaning.removesuffix(".")


@frozen(kw_only=True)
class SettingsView:
    """The page."""

    sections: tuple[tuple[Section, tuple[Field, ...]], ...]
    others: tuple[Field, ...]
    path: str
    names: ExamplesView
    faults: Mapping[str, InvalidValue] = field(factory=dict)


def names_of(section: str) -> tuple[str, ...]:
    """The settings of a section. Raises DoesNotExist."""
    for one in SECTIONS:
        if one.name == section:
            return one.names
    raise DoesNotExist("This section of the settings", remedy="Choose one on the page of the settings.")


def settings_view(
    container: Container, *, typed: Mapping[str, str] | None = None, faults: Mapping[str, InvalidValue] | None = None
) -> SettingsView:
    """The view; `typed` stands in the place of the values where something was wrong with them."""
    book, typed, faults = container.book, typed or {}, faults or {}

    def field_of(name: str) -> Field:
        return _field(book, name, typed.get(name), faults.get(name))

    return SettingsView(
        sections=tuple((section, tuple(map(field_of, section.names))) for section in SECTIONS),
        others=tuple(field_of(one.name) for one in fields(Settings) if one.name not in CHANGEABLE),
        path=str(book.path),
        names=examples_view(container, typed.get("name_pattern", "")),
        faults=faults,
    )


def _field(book: SettingsBook, name: str, typed: str | None, fault: InvalidValue | None) -> Field:
    value = getattr(book.settings, name)
    secret = isinstance(value, SecretStr)
    text = "" if secret else shown(value)
    return Field(
        name=name,
        variable=PREFIX + name.upper(),
        meaning=_MEANINGS[name],
        value=text if typed is None or secret else typed,
        default="" if secret else shown(_DEFAULTS[name]),
        origin=book.origins.by_name[name],
        unit=_unit(name),
        readable=_readable(name, text if typed is None else typed),
        kind=_kind(name, value),
        fixed=name not in CHANGEABLE or book.is_fixed(name),
        at_once=name in AT_ONCE,
        is_set=bool(value),
        error=f"This must be {fault.expected}." if fault else "",
    )


def _unit(name: str) -> str:
    return next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), "")


def _readable(name: str, text: str) -> str:
    """A size in bytes as people read it."""
    return size(int(text)) if _unit(name) == "bytes" and text.isascii() and text.isdigit() and len(text) < 19 else ""


def _kind(name: str, value: object) -> str:
    if is_secret(name):
        return "password"
    if name == "contact_email":
        return "email"
    if isinstance(value, int | float):
        return "number"
    return "url" if name.endswith("_url") else "text"
