"""The formats of tagged lines: what their lines look like, and what their tags mean: data.

Facts: RIS tags from the format description by Research Information Systems, MEDLINE fields from
nlm.nih.gov/bsd/mms/medlineelements.html, Web of Science field tags from its help pages, EndNote's from its manual.
"""

import re
from collections.abc import Mapping

from attrs import field, frozen


@frozen(kw_only=True)
class Grammar:
    """One format of tagged lines. Groups of `tag`: the tag and its value.

    `first` and `last` are the tags that begin and end an entry; where `blank` is true a blank line ends it too.
    Lines without a tag go on with the value before, or are a value of their own where `listing` is true.
    `fields`: tags by field, best first. `marked`: tags whose value counts only where it holds a mark, such as “[doi]”.
    """

    format: str
    sign: re.Pattern[str]
    tag: re.Pattern[str]
    first: str
    last: str
    fields: Mapping[str, tuple[str, ...]]
    blank: bool = False
    listing: bool = False
    marked: Mapping[str, str] = field(factory=dict)


def _tags(**fields: str) -> dict[str, tuple[str, ...]]:
    return {name: tuple(tags.split()) for name, tags in fields.items()}


RIS = Grammar(
    format="ris",
    sign=re.compile(r"^[ \ufeff]?TY {1,2}-|^ER {1,2}-", re.MULTILINE),
    tag=re.compile(r"\s?([A-Z][A-Z0-9]) {1,2}-(?: (.*)|$)"),
    first="TY",
    last="ER",
    fields=_tags(
        doi="DO DI",
        title="TI T1 CT BT",
        author="AU A1",
        journal="T2 JF JO JA J2",
        issn="SN",
        year="PY Y1 DA",
        type="TY",
        publisher="PB PU",
        url="UR L1 L2 LK",
        extra="U1 U2 U3 U4 U5 C2 L3 M3",
    ),
)
MEDLINE = Grammar(
    format="nbib",
    sign=re.compile(r"^(?:PMID|OWN ) ?- ", re.MULTILINE),
    tag=re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)"),
    first="PMID",
    last="",
    blank=True,
    fields=_tags(
        pmid="PMID",
        pmcid="PMC",
        doi="LID AID",
        title="TI BTI",
        author="FAU AU",
        journal="JT TA",
        issn="IS ISSN",
        year="DP",
        type="PT",
        publisher="PB",
    ),
    marked={"LID": "doi", "AID": "doi"},
)
WEB_OF_SCIENCE = Grammar(
    format="wos",
    sign=re.compile(r"^\ufeff?(?:FN (?:Clarivate|Thomson|ISI)|PT [A-Z]$\n(?:AU|AN|TI|CA) )", re.MULTILINE),
    tag=re.compile(r"([A-Z][A-Z0-9])(?: (.*)|$)"),
    first="PT",
    last="ER",
    listing=True,
    fields=_tags(
        doi="DI",
        pmid="PM",
        title="TI",
        author="AF AU",
        journal="SO",
        issn="SN EI",
        year="PY PD",
        type="DT PT",
        publisher="PU",
    ),
)
ENDNOTE = Grammar(
    format="endnote",
    sign=re.compile(r"^%0(?: .*)?\n%|^%[A-Z] .*\n%0", re.MULTILINE),
    tag=re.compile(r"%([0-9A-Z@!#$&()*+,<=>?\[^~:;])(?: (.*)|$)"),
    first="0",
    last="",
    blank=True,
    fields=_tags(
        doi="R",
        title="T",
        author="A",
        journal="J B",
        issn="@",
        year="D 8",
        type="0",
        publisher="I",
        url="U",
        extra="2 M",
    ),
)
GRAMMARS = (RIS, WEB_OF_SCIENCE, MEDLINE, ENDNOTE)


def grammar_of(head: str) -> Grammar | None:
    """The grammar that the beginning of a file follows."""
    return next((grammar for grammar in GRAMMARS if grammar.sign.search(head)), None)
