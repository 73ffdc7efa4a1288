"""`import`: counts for people and programs, refusals in one sentence, and nothing changed by a dry run."""

from pathlib import Path

import pytest

from tests.interfaces.cli.conftest import LIST, Terminal

COUNTS = {"rows": 3, "registered": 2, "known": 0, "duplicates": 0, "updated": 0, "rejected": 1}


def test_a_list_is_taken_in_and_counted(terminal: Terminal) -> None:
    shown = terminal("import", terminal.write("list.csv")).stdout
    assert "Read as csv, utf-8." in shown
    assert "3 rows: 2 new papers, 0 known before (0 updated), 0 duplicates in the file, 1 rejected." in shown
    assert terminal.json("status")["papers"]["new"] == 2


def test_one_is_told_as_one(terminal: Terminal) -> None:
    shown = terminal("import", terminal.write("one.csv", "DOI\n10.5555/one\n")).stdout
    assert "1 row: 1 new paper, 0 known before" in shown
    assert "1 of 1 paper." in terminal("papers").stdout


def test_programs_read_the_counts(terminal: Terminal) -> None:
    told = terminal.json("import", terminal.write("list.csv"))
    assert {name: told[name] for name in COUNTS} == COUNTS
    assert (told["status"], told["repeated"]) == ("completed", False)
    assert terminal.json("papers", "--import", told["id"])["count"] == 2


@pytest.mark.case("C23")
def test_the_same_file_again_is_told_and_changes_nothing(terminal: Terminal) -> None:
    path = terminal.write("list.csv")
    first = terminal.json("import", path)
    position = terminal.json("status")["position"]
    again = terminal.json("import", path)
    assert again == first | {"repeated": True}
    assert "This file is in this collection already." in terminal("import", path).stdout
    assert terminal.json("status")["position"] == position


def test_an_import_that_was_interrupted_goes_on(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    path = terminal.write("list.csv")
    with monkeypatch.context() as patch:
        patch.setattr("application.importing.Importing.run", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
        stopped = terminal("import", path, code=1).stderr
        assert "Aborted" in stopped
        assert "Import the same file once more" in stopped
    assert terminal.json("status")["imports"] == {"running": 1}
    assert "it goes on where it stood" in terminal("import", path).stdout
    assert terminal.json("status")["imports"] == {"running": 0}


def test_the_collection_is_named_after_the_file(terminal: Terminal) -> None:
    terminal("import", terminal.write("My review.csv"))
    assert terminal.json("papers", "--collection", "my  REVIEW")["count"] == 2


def test_known_papers_are_updated_where_that_is_wanted(filled: Terminal) -> None:
    path = filled.write("newer.csv", LIST.replace("First", "Better"))
    dry = filled.json("import", path, "--on-duplicate", "update", "--dry-run")
    done = filled.json("import", path, "--on-duplicate", "update")
    assert dry["known"] == done["known"] == 2
    assert dry["updated"] == done["updated"] == 1
    assert filled.json("paper", "10.5555/one")["title"] == "Better title"


def test_a_dry_run_changes_nothing_and_tells_what_would_be(terminal: Terminal) -> None:
    path = terminal.write("list.csv")
    shown = terminal("import", path, "--dry-run").stdout
    assert "Dry run, nothing was changed. 3 rows: 2 new papers" in shown
    assert "line 4: “not a doi” is no DOI." in shown
    told = terminal.json("import", path, "--dry-run")
    assert {name: told[name] for name in COUNTS} == COUNTS
    assert (told["dry_run"], told["format"]) == (True, "csv")
    assert [(one["row"], one["line"]) for one in told["rejections"]] == [(3, 4)]
    assert terminal.json("status")["position"] == 0


def test_columns_that_nobody_knows_are_told(terminal: Terminal) -> None:
    path = terminal.write("list.csv", "Nr;Ref;Wer;Wann\n1;10.5555/a;Berg;2020\n2;10.5555/b;Lind;2021\n")
    for options in (("--dry-run",), ()):
        shown = terminal("import", path, *options).stdout
        assert "No column was found for the title, the authors, the journal and the year." in shown
        assert "Name it with --map COLUMN=FIELD" in shown


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("Title,Year\nSome title,1999\n", "DOI"),
        ('DOI,Title\n10.5555/one,"never closed\n', "quote"),
    ],
)
def test_a_refused_file_is_one_clear_sentence_and_on_record(terminal: Terminal, text: str, words: str) -> None:
    said = terminal.refusal("import", terminal.write("list.csv", text))
    assert words in said
    assert terminal.json("status")["papers"]["new"] == 0
    (refused,) = terminal.lines("events", "--json")
    assert (refused["type"], refused["data"]["command"]) == ("command.refused", "import")
    assert refused["data"]["reason"] in said


def test_a_collection_without_a_name_is_refused(terminal: Terminal) -> None:
    assert "name" in terminal.refusal("import", terminal.write("list.csv"), "--collection", " ")


def test_a_file_that_is_too_large_is_refused(terminal: Terminal) -> None:
    terminal.variables["MAX_UPLOAD_BYTES"] = "1000000"
    assert "1 MB" in terminal.refusal("import", terminal.write("list.csv", LIST * 20_000))
    assert list((terminal.data / "uploads").iterdir()) == []


@pytest.mark.case("K10")
def test_an_upload_that_cannot_be_kept_is_told(filled: Terminal) -> None:
    for path in (filled.data / "uploads").iterdir():
        path.unlink()
    (filled.data / "uploads").rmdir()
    (filled.data / "uploads").write_text("in the way")
    assert "space" in filled.refusal("import", filled.write("other.csv"))


@pytest.mark.case("C26")
def test_the_name_of_a_file_is_only_a_name(terminal: Terminal) -> None:
    path = terminal.write("list\u202efdp.csv")
    terminal("import", path)
    (started,) = [one for one in terminal.lines("events", "--json") if one["type"] == "import.started"]
    assert started["data"]["filename"] == Path(path).name
    assert "\u202e" not in terminal("events").stdout


TABLE = "Ref,Name\n17375194,First\n17375195,Second\n"


def test_columns_are_named(terminal: Terminal) -> None:
    path = terminal.write("table.csv", TABLE)
    assert "No column has DOIs" in terminal.refusal("import", path)
    shown = terminal("import", path, "--map", "Ref=pmid", "--map", "Name=title", "--dry-run").stdout
    assert "Columns that are used: Ref (pmid) and Name (title)." in shown
    told = terminal.json("import", path, "--map", "Ref=pmid", "--map", "Name=title")
    assert told["registered"] == 2
    assert terminal.json("paper", "PMID:17375194")["title"] == "First"


def test_a_column_that_is_none_is_refused(terminal: Terminal) -> None:
    path = terminal.write("table.csv", TABLE)
    assert "“Ref”, “Name”" in terminal.refusal("import", path, "--map", "Nowhere=doi")
    assert "abstract" in terminal.refusal("import", path, "--map", "Ref=abstract")
    assert "COLUMN=FIELD" in terminal("import", path, "--map", "Ref", code=2).stderr


class TestImports:
    """`imports`: the list, stopping one, taking one back."""

    def test_are_listed_newest_first(self, filled: Terminal) -> None:
        filled("import", filled.write("other.csv", "DOI\n10.5555/three\n"))
        assert [one["filename"] for one in filled.json("imports", "list")["imports"]] == ["other.csv", "list.csv"]
        page = filled.json("imports", "list", "--limit", "1")
        rest = filled.json("imports", "list", "--after", page["after"])
        assert [one["filename"] for one in rest["imports"]] == ["list.csv"]
        shown = filled("imports", "list").stdout
        assert "list.csv → A review" in shown
        assert "2 imports." in shown
        assert "Next page: --after" in filled("imports", "list", "--limit", "1").stdout

    def test_there_may_be_none(self, terminal: Terminal) -> None:
        assert terminal("imports", "list").stdout == "0 imports.\n"

    def test_one_is_undone_after_it_was_told_what_that_does(self, filled: Terminal) -> None:
        (found,) = filled.json("imports", "list")["imports"]
        dry = filled.json("imports", "undo", found["id"], "--dry-run")
        assert (dry["dry_run"], dry["leaving"], dry["shared"]) == (True, 2, 0)
        assert "2 papers are set aside." in filled("imports", "undo", found["id"], "--dry-run").stdout
        assert filled.json("status")["papers"]["new"] == 2
        assert "Import of “list.csv”: undone." in filled("imports", "undo", found["id"]).stdout
        assert filled.json("status")["papers"]["new"] == 0
        assert "undone" in filled.refusal("imports", "undo", found["id"])
        again = filled.json("import", filled.write("list.csv"), "--collection", "A review")
        assert (again["repeated"], again["known"]) == (False, 2)
        assert filled.json("status")["papers"]["new"] == 2

    def test_what_stays_is_told(self, filled: Terminal) -> None:
        filled("import", filled.write("other.csv", "DOI\n10.5555/one\n"))
        found = filled.json("imports", "list")["imports"][1]
        shown = filled("imports", "undo", found["id"], "--dry-run").stdout
        assert "1 paper stays, because other lists name them too." in shown

    def test_a_running_one_is_cancelled(self, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            broken = lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt)  # noqa: E731 (used once)
            patch.setattr("application.importing.Importing.run", broken)
            terminal("import", terminal.write("list.csv"), code=1)
        (found,) = terminal.json("imports", "list")["imports"]
        assert "running" in terminal.refusal("imports", "undo", found["id"])
        assert terminal.json("imports", "cancel", found["id"])["status"] == "cancelled"
        assert "cancelled" in terminal.refusal("imports", "cancel", found["id"])

    def test_one_that_is_none_is_refused(self, terminal: Terminal) -> None:
        for action in ("undo", "cancel"):
            assert "does not exist" in terminal.refusal("imports", action, "nobody")
