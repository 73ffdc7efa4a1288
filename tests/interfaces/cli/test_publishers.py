"""`publishers`: those of the papers, and all that are known."""

from tests.interfaces.cli.conftest import Terminal


def test_without_papers_it_says_what_to_do(terminal: Terminal) -> None:
    assert "No paper so far. --all shows" in terminal("publishers").stdout


def test_those_of_the_papers_are_listed(terminal: Terminal) -> None:
    terminal("import", terminal.write("list.csv", "DOI\n10.1007/a\n10.1007/b\n10.2307/c\n10.5555/d\n"))
    heading, *lines = terminal("publishers").stdout.splitlines()
    assert heading.split()[:2] == ["Publisher", "Papers"]
    assert [line.split() for line in lines] == [
        ["Springer", "2", "0", "proved", "not", "asked"],
        ["JSTOR", "1", "0", "left", "alone", "not", "asked"],
        ["everybody", "else", "1", "0", "none", "not", "asked"],
    ]


def test_every_one_that_is_known_is_listed_where_wanted(terminal: Terminal) -> None:
    assert "unproved" in terminal("publishers", "--all").stdout
    told = terminal.json("publishers")["publishers"]
    assert len(told) > 80
    assert {row["proof"] for row in told} == {"proved", "unproved", None}
