"""The activity log without any index: it looks at every event."""

from attrs import frozen

from application.activity import ActivityFilter, ActivityPage, lowered, span
from application.handling import PROGRAM
from application.kinds import level_of
from application.ports.event_log import EventLog, Recorded
from domain import collection, importing, paper
from infrastructure.log.codec import encode


@frozen
class MemoryActivity:
    """Stand-in for application.activity.Activity, over any log; says what every adapter has to answer."""

    log: EventLog

    def page(
        self,
        which: ActivityFilter,
        *,
        limit: int = 100,
        after: int = 0,
        before: int | None = None,
        descending: bool = False,
        patience: float | None = None,
    ) -> ActivityPage:
        """See the port. It is never broken off."""
        low, high = span(which, self.log, after, before)
        streams, types = self._streams(which), which.types
        events = self.log.read(low, max(high - low, 0)) if low < high else ()
        found = [one for one in events if one.event.TYPE in types and _matches(which, one, streams)]
        if descending:
            found.reverse()
        if len(found) > limit:
            return ActivityPage(events=tuple(found[:limit]), reached=found[limit - 1].position, more=True)
        end = min(low, high) + 1 if descending else max(low, high)
        return ActivityPage(events=tuple(found), reached=end, more=False)

    def _streams(self, which: ActivityFilter) -> frozenset[str] | None:
        """The streams that come into question; None for all."""
        wanted = []
        if which.paper is not None:
            wanted.append({paper.stream_of(which.paper)})
        if which.import_id is not None:
            wanted.append(self._of_imports({which.import_id}) | {importing.stream_of(which.import_id)})
        if which.collection is not None:
            started = (one for one in self.log.read(limit=100_000) if isinstance(one.event, importing.Started))
            its = {one.stream.removeprefix(importing.STREAM) for one in started if _into(one, which.collection)}
            recorded = (one for one in self.log.read(limit=100_000) if isinstance(one.event, importing.RowsRecorded))
            papers = {name for one in recorded if _into(one, which.collection) for name in _members(one)}
            wanted.append({collection.stream_of(which.collection), *map(importing.stream_of, its), *papers})
        return frozenset.intersection(*map(frozenset, wanted)) if wanted else None

    def _of_imports(self, imports: set[str]) -> set[str]:
        names = {importing.stream_of(one) for one in imports}
        return {name for one in self.log.read(limit=100_000) if one.stream in names for name in _members(one)}


def _into(one: Recorded, wanted: str) -> bool:
    return getattr(one.event, "collection", None) == wanted


def _members(one: Recorded) -> list[str]:
    return [paper.stream_of(member) for member in getattr(one.event, "members", ())]


def _matches(which: ActivityFilter, one: Recorded, streams: frozenset[str] | None) -> bool:
    actor, data = lowered(one.actor), lowered(encode(one.event))
    name = lowered(which.actor or "")
    return (
        level_of(one.event).is_at_least(which.level)
        and (streams is None or one.stream in streams)
        and not (which.by_people and one.actor == PROGRAM.name)
        and one.correlation not in which.besides
        and (which.correlation is None or one.correlation == which.correlation)
        and (which.actor is None or actor == name or actor.startswith(f"{name} ("))
        and all(word in data for word in which.stored_words)
    )
