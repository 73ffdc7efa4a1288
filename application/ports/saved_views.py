"""Lists of papers that a person wants to see again: filters, order and columns under a name."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from attrs import frozen

MAX_NAME = 80
"""Characters of a name."""


@frozen(kw_only=True)
class SavedView:
    """A named list. `query` is the query string of its address; `actor` saved it last."""

    id: str
    name: str
    query: str
    actor: str
    saved_at: datetime


class SavedViews(Protocol):
    """The saved views of every person. Names are unique, whatever their case; they are neither truth nor rebuilt."""

    def all(self) -> Sequence[SavedView]:
        """Every view, by name."""
        ...

    def find(self, view: str) -> SavedView | None:
        """The view with this id."""
        ...

    def save(self, name: str, query: str, actor: str) -> SavedView:
        """Keep the query under a name, in the place of what had it. Raises InvalidValue for a name that is none."""
        ...

    def rename(self, view: str, name: str) -> SavedView:
        """Give a view another name. Raises InvalidValue, DoesNotExist, and AlreadyExists where another one has it."""
        ...

    def delete(self, view: str) -> None:
        """Forget a view; one that is gone already is no mistake."""
        ...
