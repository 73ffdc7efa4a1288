"""What a list of papers can be divided by: the choices with their counts, and the filters that are on, to take off."""

from collections.abc import Callable, Iterator, Mapping

from attrs import frozen

from application.queries import Facet, Share
from application.wording import VERSIONS, cause_sentence
from domain.errors import DoesNotExist
from interfaces.container import Container
from interfaces.web.filtering import paper_filter
from interfaces.web.listing import Listing

SHOWN = 20
"""Choices of a facet; more are found by their name."""
DECADE = 10


@frozen(kw_only=True)
class Menu:
    """A facet as the bar of filters has it. `hint` tells what else can be typed, "" where nothing can."""

    facet: Facet
    label: str
    field: str
    hint: str = ""


MENUS: tuple[Menu, ...] = (
    Menu(facet=Facet.CAUSE, label="Reason", field="cause"),
    Menu(facet=Facet.HOST, label="Host", field="host", hint="Another host"),
    Menu(facet=Facet.YEAR, label="Year", field="year", hint="Years, like 2010-2019"),
    Menu(facet=Facet.JOURNAL, label="Journal", field="journal", hint="Another journal, its whole name"),
    Menu(facet=Facet.SOURCE, label="Source", field="source"),
    Menu(facet=Facet.VERSION, label="Version", field="version"),
    Menu(facet=Facet.REQUESTED, label="Requested", field="requested"),
    Menu(facet=Facet.COLLECTION, label="Collection", field="collection"),
    Menu(facet=Facet.IMPORT, label="Import", field="import_id"),
)
_MENU_OF = {menu.facet.value: menu for menu in MENUS}
_PARAMETERS = {"import_id": "import"}


@frozen(kw_only=True)
class Choice:
    """A value to choose, or to take off where it is chosen."""

    text: str
    count: int
    address: str
    chosen: bool


@frozen(kw_only=True)
class FacetView:
    """An opened menu. `kept` are the fields that a form must send beside its own, `parameter` is that one's name."""

    menu: Menu
    choices: tuple[Choice, ...]
    more: bool
    typed: str
    parameter: str
    kept: tuple[tuple[str, str], ...]


@frozen(kw_only=True)
class FilterChip:
    """A filter that is on, and the address of the list without it."""

    label: str
    text: str
    address: str


def facet_view(container: Container, listing: Listing, name: str) -> FacetView:
    """The choices of one facet. Raises DoesNotExist for an unknown one."""
    if (menu := _MENU_OF.get(name)) is None:
        raise DoesNotExist("Such a filter", remedy="Choose one from the list of papers.")
    which = paper_filter(listing.query, container.imports)
    shares = container.papers.shares(which, menu.facet, SHOWN + 1)
    naming, parameter = _naming(container, menu.facet), _PARAMETERS.get(menu.field, menu.field)
    others = listing.changed(**{menu.field: ""})
    return FacetView(
        menu=menu,
        choices=tuple(_choice(listing, menu, share, naming) for share in shares[:SHOWN]),
        more=len(shares) > SHOWN,
        typed=str(getattr(listing.query, menu.field)),
        parameter=parameter,
        kept=tuple(others.fields()),
    )


def _choice(listing: Listing, menu: Menu, share: Share, naming: Callable[[str], str]) -> Choice:
    value, text = share.value, naming(share.value)
    if menu.facet is Facet.YEAR and not _within_a_decade(listing):
        value = f"{share.value}-{int(share.value) + DECADE - 1}"
        text = value.replace("-", " to ")
    now = str(getattr(listing.query, menu.field))
    chosen = now in {value, text}
    address = listing.changed(**{menu.field: "" if chosen else value}).address()
    return Choice(text=text, count=share.count, address=address, chosen=chosen)


def _within_a_decade(listing: Listing) -> bool:
    years = listing.query.years
    return bool(years and years.first and years.last and years.last - years.first < DECADE)


def _naming(container: Container, facet: Facet) -> Callable[[str], str]:
    """How the values of a facet are told."""
    if facet is Facet.COLLECTION:
        names = container.imports.collection_names()
        return lambda value: names.get(value, value)
    if facet is Facet.IMPORT:
        return lambda value: row.filename if (row := container.imports.find(value)) else value
    return _WORDS.get(facet, str)


_WORDS: Mapping[Facet, Callable[[str], str]] = {
    Facet.CAUSE: cause_sentence,
    Facet.VERSION: lambda value: VERSIONS.get(value, value).capitalize(),
    Facet.REQUESTED: lambda value: {"yes": "Requested", "no": "Not requested"}[value],
    Facet.YEAR: lambda value: value.replace("-", " to "),
}


def filter_chips(container: Container, listing: Listing) -> Iterator[FilterChip]:
    """Every filter that is on, those on statuses aside: they have chips of their own."""
    if listing.query.q:
        yield FilterChip(label="Search", text=listing.query.q, address=listing.changed(q="").address())
    for menu in MENUS:
        if value := str(getattr(listing.query, menu.field)):
            text = _naming(container, menu.facet)(value)
            yield FilterChip(label=menu.label, text=text, address=listing.changed(**{menu.field: ""}).address())
