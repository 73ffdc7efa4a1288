"""What somebody asks the activity log for, as it is written."""

from urllib.parse import parse_qsl, urlencode

from application.activity_asking import ActivityQuery

EVERY = ActivityQuery(
    kinds=("paper", "job"),
    without=("paper.queued",),
    level="info",
    paper="10.1/x",
    import_id="i",
    collection="A & B",
    actor="anna",
    correlation="c",
    since="2026-03-01",
    until="2026-03-02T00:00+01:00",
    text="x y",
)


def test_a_query_is_an_address() -> None:
    fields = parse_qsl(urlencode(EVERY.fields()))
    assert fields == [
        ("kind", "paper"), ("kind", "job"), ("without", "paper.queued"), ("level", "info"), ("paper", "10.1/x"),
        ("import", "i"), ("collection", "A & B"), ("actor", "anna"), ("correlation", "c"), ("since", "2026-03-01"),
        ("until", "2026-03-02T00:00+01:00"), ("text", "x y"),
    ]  # fmt: skip
    assert ActivityQuery().fields() == []
