"""The whole program, by its command line, in a recorded internet: every paper ends as it should."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.known_misses import listed_in, mark_of

REPLAY = Path(os.environ.get("SCIPAPERLOADER_REPLAY") or Path(__file__).parents[2] / "../shared/replay")
pytestmark = [
    pytest.mark.skipif(not REPLAY.is_dir(), reason="the recorded internet is not here"),
    pytest.mark.timeout(900),
]
COMMAND = [sys.executable, "-P", "-c", "from interfaces.cli.main import main; main()"]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The recorded internet, as a proxy; environment variables that lead through it."""
    folder = tmp_path_factory.mktemp("proxy")
    script = [sys.executable, str(REPLAY / "replay_internet.py"), "--recordings", str(REPLAY / "world")]
    command = [*script, "--ca", str(folder / "ca.pem"), "--log", str(folder / "requests.jsonl")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        yield {
            "HTTP_PROXY": told["proxy"],
            "HTTPS_PROXY": told["proxy"],
            "SSL_CERT_FILE": told["ca"],
            "REQUESTS": str(folder / "requests.jsonl"),
        }
        process.terminate()


@pytest.fixture(scope="module")
def ran(proxy: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `import`, `work`, `export` and `verify` printed, one after the other."""
    folder = tmp_path_factory.mktemp("world")
    settings = {
        "DATA_DIR": str(folder / "data"),
        "CONTACT_EMAIL": "reader@university.test",
        "DISK_RESERVE_BYTES": "1000000",
        "HANDS": "6",
        "PAGE_SECONDS": "15",
        "FILE_SECONDS": "30",
    }
    environment = {**os.environ, **proxy, **{f"SCIPAPERLOADER_{name}": value for name, value in settings.items()}}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [*COMMAND, *arguments], capture_output=True, text=True, env=environment, cwd=folder, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return {
        "import": json.loads(run("import", str(REPLAY / "world/list.csv"), "--collection", "World", "--json")),
        "work": json.loads(run("work", "--json")),
        "papers": [json.loads(line) for line in run("export", "--format", "jsonl").splitlines()],
        "verify": json.loads(run("verify", "--json")),
        "library": folder / "data/library",
    }


def _expected() -> dict[str, dict[str, str]]:
    with (REPLAY / "world/expected.tsv").open(encoding="utf-8", newline="") as file:
        return {row["doi"]: row for row in csv.DictReader(file, delimiter="\t")}


def test_the_list_is_taken_as_it_was_meant(ran: dict[str, Any]) -> None:
    expected = json.loads((REPLAY / "world/list.expected.json").read_text(encoding="utf-8"))
    found = ran["import"]
    assert expected == {
        "rows": found["rows"],
        "papers": found["registered"],
        "duplicates": found["duplicates"],
        "rejected": found["rejected"],
    }


def test_every_paper_ends_as_it_should(ran: dict[str, Any]) -> None:
    papers = {paper["doi"]: paper for paper in ran["papers"]}
    expected = _expected()
    assert set(papers) == set(expected)
    misses = {
        f"{doi}: {papers[doi]['status']} for {wanted['outcome']} ({wanted['scenario']})": doi
        for doi, wanted in expected.items()
        if not _as_wanted(papers[doi], wanted)
    }
    print(f"replayed world: {len(expected) - len(misses)} of {len(expected)} papers as expected")
    assert {mark_of(doi) for doi in misses.values()} == listed_in("replay"), "\n".join(misses)


def _as_wanted(paper: dict[str, Any], wanted: dict[str, str]) -> bool:
    if wanted["outcome"] == "any":
        return paper["status"] in {"done", "unavailable", "failed", "doubtful"}
    if paper["status"] not in wanted["outcome"].split("|"):
        return False
    return paper["status"] != "done" or paper["file"]["sha256"] == wanted["sha256"]


def test_no_wrong_file_is_stored_as_the_paper(ran: dict[str, Any]) -> None:
    right = {doi: wanted["sha256"] for doi, wanted in _expected().items()}
    wrong = [p["doi"] for p in ran["papers"] if p["status"] == "done" and p["file"]["sha256"] != right[p["doi"]]]
    open_ended = {doi for doi, wanted in _expected().items() if wanted["outcome"] == "any"}
    assert not set(wrong) - open_ended


def test_every_failure_has_a_cause(ran: dict[str, Any]) -> None:
    without = [p["doi"] for p in ran["papers"] if p["status"] in {"failed", "unavailable"} and not p["cause"]]
    assert without == []


def test_log_read_models_and_files_agree(ran: dict[str, Any]) -> None:
    assert ran["verify"]["faults"] == []
    assert ran["verify"]["files"] == sum(1 for paper in ran["papers"] if paper["file"])


def test_no_host_was_asked_faster_than_once_a_tenth_of_a_second(ran: dict[str, Any], proxy: dict[str, str]) -> None:
    asked: dict[str, list[float]] = {}
    for line in Path(proxy["REQUESTS"]).read_text(encoding="utf-8").splitlines():
        request = json.loads(line)
        asked.setdefault(request["url"].split("/")[2], []).append(request["at"])
    for host, moments in asked.items():
        gaps = [later - earlier for earlier, later in zip(sorted(moments), sorted(moments)[1:], strict=False)]
        assert all(gap > 0.09 for gap in gaps), host
