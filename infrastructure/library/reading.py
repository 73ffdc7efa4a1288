"""What a file seems to be: identifiers and titles where a paper names itself."""

import re
from collections.abc import Iterator
from itertools import islice

from attrs import evolve, frozen

from application.ports.library import Checked, Wanted
from application.ports.pdf_reader import Seen
from domain.identifiers import Identifier, Scheme, identify
from infrastructure.library.dois import other_dois, prepared
from infrastructure.library.facts import Facts
from infrastructure.library.identity import Pages, judge, pages_of
from infrastructure.library.text import compact, plain, words
from infrastructure.library.titles import is_known

_MOST_IDENTIFIERS = 20
_MOST_LINES = 25
_STARTS = 12
"""Lines at which a title may begin."""
_RUN = 4
"""Lines that a title may take."""
_LEAST_WORDS = 3
_LONGEST_TITLE = 500
_LONGEST_SENTENCE = 300
_ARXIV = re.compile(r"arxiv[\s.:]*(?:org/(?:abs|pdf)/)?(\d{4}\.\d{4,5})(?!\d)")
_TITLES = ("title", "xmp:title")


@frozen(kw_only=True)
class FactsReading:
    """Adapter of application.ports.pdf_reader.Reading over what the child process saw in a file of `size` bytes."""

    facts: Facts
    size: int

    @property
    def seen(self) -> Seen:
        """See the port."""
        pages = pages_of(self.facts)
        lines = [_printable(" ".join(line.split())) for line in pages.front.splitlines() if compact(line)][:_MOST_LINES]
        return Seen(
            pages=self.facts.pages,
            identifiers=tuple(islice(dict.fromkeys(_identifiers(self.facts, pages)), _MOST_IDENTIFIERS)),
            titles=tuple(dict.fromkeys(_titles(self.facts, lines))),
            lines=tuple(line[:_LONGEST_TITLE] for line in lines),
        )

    def check(self, wanted: Wanted) -> Checked:
        """See the port."""
        return presentable(judge(self.facts, wanted, size=self.size))


def presentable(checked: Checked) -> Checked:
    """The verdict without what a stranger's file may have put into its words: control characters, endless text."""
    return evolve(checked, evidence=tuple(_printable(sentence)[:_LONGEST_SENTENCE] for sentence in checked.evidence))


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable())


def _identifiers(facts: Facts, pages: Pages) -> Iterator[Identifier]:
    for text in (*facts.metadata.values(), pages.header, pages.footer, pages.front):
        ready = prepared(text)
        for doi in other_dois(ready, ()):
            yield from identify(doi)
        yield from (Identifier(Scheme.ARXIV, found[1]) for found in _ARXIV.finditer(ready))


def _titles(facts: Facts, lines: list[str]) -> Iterator[str]:
    """The title in the metadata, then the runs of lines that could be one."""
    for name in _TITLES:
        if is_known(title := facts.metadata.get(name)) and title:
            yield _printable(" ".join(plain(title).split()))[:_LONGEST_TITLE]
    for start in range(min(_STARTS, len(lines))):
        for count in range(1, _RUN + 1):
            run = " ".join(lines[start : start + count])
            if len(words(run)) >= _LEAST_WORDS and len(run) <= _LONGEST_TITLE:
                yield run
