"""Is the file the paper? The judgement, pure: facts in, verdict out."""

import re
from collections.abc import Iterator
from enum import IntEnum

from attrs import frozen

from application.ports.library import Checked, Verdict, Wanted
from domain.authors import family_name
from domain.identifiers import Scheme
from infrastructure.library.dois import names, other_dois, prepared, registrant
from infrastructure.library.facts import Facts
from infrastructure.library.text import compact, fold
from infrastructure.library.titles import Grade, Likeness, grade, is_known, is_same, likeness

_HEADER = 1500
"""Characters at the top of the first page where a paper names itself, and hardly any other."""
_FOOTER = 500
_LONG_PAPER = 4
"""Pages from which the foot of the first page holds no list of references."""
_LEGIBLE = 100
"""Letters and digits below which the pages count as pictures."""
_ONE_PAGE_BYTES = 100_000

_RELATED = re.compile(
    r"you may also like|articles you may be interested in|also working on these related projects", re.IGNORECASE
)
"""Publishers' cover pages (AIP, IOP, ResearchGate) go on with the titles of other papers."""
_NOTICE = re.compile(
    r"^\W*(?:(?:author|publisher) )?(correction|erratum|corrigendum|addendum|retraction|expression of concern"
    r"|comments? on|reply to|response to"
    r"|(?:supplementa(?:ry|l) (?:information|materials?|data|appendix|file)|supporting information)(?=\s*$| for| to)"
    r")\b",
    re.MULTILINE,
)
"""Beginnings of documents about a paper that carry its title and DOI."""
_NOTICE_REACH = 400
_PREVIEW = re.compile(r"first page preview|this is a preview|preview of subscription content", re.IGNORECASE)

_LABELS = {Scheme.DOI: "DOI", Scheme.ARXIV: "arXiv number", Scheme.PMCID: "PMCID", Scheme.PMID: "PMID"}


class _Strength(IntEnum):
    VAGUE = 1
    LIKELY = 2
    """Enough where nothing speaks against it."""
    CERTAIN = 3


@frozen
class _Proof:
    """Something in the file that speaks for the paper: one of its identifiers (`names` it), or its title."""

    strength: _Strength
    sentence: str
    names: bool = False


@frozen(kw_only=True)
class Pages:
    """The text by its meaning: `front` is the first page, with the second where the first is a mere cover."""

    front: str
    header: str
    footer: str
    later: str


def judge(facts: Facts, wanted: Wanted, *, size: int) -> Checked:
    """The verdict on a readable file of `size` bytes."""
    pages = pages_of(facts)
    proofs = [*_names(facts, pages, wanted), *_titles(facts, pages, wanted)]
    others = _others(facts, pages, wanted)
    verdict = _verdict(proofs, others, wanted)
    suspicions = list(_suspicions(facts, pages, wanted, size))
    if verdict is Verdict.RIGHT and suspicions:
        verdict = Verdict.DOUBTFUL
    return Checked(
        verdict=verdict,
        cause="wrong_document" if verdict is Verdict.WRONG else None,
        evidence=(*_evidence(proofs, others, facts), *suspicions, *_oddities(facts)),
        pages=facts.pages,
    )


def _verdict(proofs: list[_Proof], others: list[str], wanted: Wanted) -> Verdict:
    strongest = max((proof.strength for proof in proofs), default=None)
    if strongest is None:
        return Verdict.WRONG if others and _dois(wanted) else Verdict.DOUBTFUL
    if not others:
        return Verdict.RIGHT if strongest >= _Strength.LIKELY else Verdict.DOUBTFUL
    named = any(proof.names and proof.strength >= _Strength.LIKELY for proof in proofs)
    agreed = strongest is _Strength.CERTAIN and (named or _may_be_another_version(others, wanted))
    return Verdict.RIGHT if agreed else Verdict.DOUBTFUL


def _may_be_another_version(others: list[str], wanted: Wanted) -> bool:
    """Whether a file with this title but another DOI is the paper still: a preprint has another registrant."""
    ours = {registrant(doi) for doi in _dois(wanted)}
    is_telling = grade(wanted.metadata.title or "") is Grade.TELLING
    return not ours or (is_telling and ours.isdisjoint(map(registrant, others)))


def pages_of(facts: Facts) -> Pages:
    """The text of a file by its meaning."""
    first, *later = [_RELATED.split(text, maxsplit=1)[0] for text in facts.texts] or [""]
    front = first if len(first) >= _HEADER else "\n".join([first, *later[:1]])
    footer = first[_HEADER:][-_FOOTER:] if facts.pages >= _LONG_PAPER else ""
    return Pages(front=front, header=front[:_HEADER], footer=footer, later="\n".join([*later, facts.last]))


def _names(facts: Facts, pages: Pages, wanted: Wanted) -> Iterator[_Proof]:
    places = (
        (_Strength.CERTAIN, "in the metadata", [prepared(value) for value in facts.metadata.values()]),
        (_Strength.LIKELY, "on the first page", [prepared(pages.front)]),
        (_Strength.VAGUE, "on a later page", [prepared(pages.later)]),
    )
    for identifier in wanted.identifiers:
        for strength, place, texts in places:
            if any(names(text, identifier) for text in texts):
                yield _Proof(strength, f"the {_LABELS[identifier.scheme]} is {place}", names=True)
                break


def _titles(facts: Facts, pages: Pages, wanted: Wanted) -> Iterator[_Proof]:
    title = wanted.metadata.title
    if title is None or not is_known(title):
        return
    in_metadata = any(is_same(title, facts.metadata.get(name, "")) for name in ("title", "xmp:title"))
    at_top = likeness(title, pages.header)
    tiny = grade(title) is Grade.TINY and not (at_top and (in_metadata or _has_an_author(pages.header, wanted)))
    if in_metadata:
        yield _Proof(_Strength.VAGUE if tiny else _Strength.CERTAIN, "the title is in the metadata")
    if at_top is Likeness.EXACT:
        yield _Proof(_Strength.VAGUE if tiny else _Strength.CERTAIN, "the title is at the top of the first page")
    elif likeness(title, pages.front) is Likeness.EXACT:
        yield _Proof(_Strength.VAGUE if tiny else _Strength.LIKELY, "the title is on the first page")
    elif at_top is Likeness.SIMILAR:
        yield _Proof(_Strength.LIKELY, "a title much like it is at the top of the first page")


def _has_an_author(text: str, wanted: Wanted) -> bool:
    letters = compact(text)
    families = (compact(family_name(author)) for author in wanted.metadata.authors)
    return any(len(family) > 1 and family in letters for family in families)


def _dois(wanted: Wanted) -> tuple[str, ...]:
    return tuple(each.value for each in wanted.identifiers if each.scheme is Scheme.DOI)


def _others(facts: Facts, pages: Pages, wanted: Wanted) -> list[str]:
    """DOIs of other papers where a file names itself."""
    ours = _dois(wanted)
    texts = [*facts.metadata.values(), pages.header, pages.footer]
    return list(dict.fromkeys(doi for text in texts for doi in other_dois(prepared(text), ours)))


def _suspicions(facts: Facts, pages: Pages, wanted: Wanted, size: int) -> Iterator[str]:
    """What speaks for something else than the full paper."""
    notice = _NOTICE.search(fold(pages.header[:_NOTICE_REACH]))
    if notice and notice[1] not in fold(wanted.metadata.title or ""):
        yield f"it begins like a document about the paper: “{notice[1]}”"
    if _PREVIEW.search(pages.front):
        yield "it calls itself a preview"
    if facts.pages == 1 and size < _ONE_PAGE_BYTES:
        yield "one small page may be a preview, a cover or an abstract"


def _oddities(facts: Facts) -> Iterator[str]:
    """What is no reason to doubt, but good to know before the file is opened."""
    if facts.trailing:
        yield f"{facts.trailing:,} bytes follow its end"
    yield from (f"it contains {thing}" for thing in facts.active)


def _evidence(proofs: list[_Proof], others: list[str], facts: Facts) -> Iterator[str]:
    yield from (proof.sentence for proof in proofs)
    yield from (f"it names another DOI: {doi}" for doi in others[:3])
    if len(compact("".join(text[:_HEADER] for text in facts.texts))) < _LEGIBLE:
        yield "its pages hold hardly any text"
    elif not proofs:
        yield "neither its identifiers nor its title were found"
