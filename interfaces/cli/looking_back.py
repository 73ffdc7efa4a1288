"""`as-of`: how things stood at a moment."""

import click

from application.as_of import Moment, ReportThen, at, paper_then, report_then
from application.exporting import record
from application.formats import number, plural
from application.queries import PaperRow, paper_named
from application.standing import standing
from interfaces.cli.shared import application, as_json, print_json, printable


@click.command(name="as-of")
@click.argument("moment")
@click.option("--paper", "name", metavar="ID-OR-DOI", help="Only this paper, as it was.")
@as_json
def as_of(moment: str, name: str | None, as_json: bool) -> None:
    """Show how things stood at a MOMENT: counts, the switch and the schedule, or one paper.

    MOMENT is written like 2026-03-01T12:00+01:00 (UTC where no zone is given), or as a date for the end of that day,
    or as a position of the log.
    """
    with application() as app:
        then = at(moment, app.log)
        if name is not None:
            paper = paper_then(app.log, paper_named(name, app.papers).id, then.position)
            print_json(record(paper)) if as_json else _print_paper(then, paper)
        else:
            report = report_then(app.log, app.papers, then)
            print_json(report.as_dict()) if as_json else _print_report(report)


def _print_report(report: ReportThen) -> None:
    click.echo(_heading(report.moment))
    for status, count in report.papers.items():
        click.echo(f"{status.value:>12} {number(count):>9}")
    schedule = report.schedule.schedule
    daily = f"{plural(schedule.volume, 'paper')} a day, {schedule.order.value}, time zone {schedule.timezone}"
    click.echo(f"The scraper is {report.scraper.status}; the schedule: {daily}.")


def _print_paper(then: Moment, paper: PaperRow) -> None:
    click.echo(_heading(then))
    click.echo(f"{printable(paper.title or 'Untitled')}\n{paper.doi or paper.id}: {paper.status.value}")
    click.echo(printable(standing(paper).sentence))


def _heading(then: Moment) -> str:
    if then.recorded_at is None:
        return "Before anything happened:"
    return f"As of position {number(then.position)}, recorded at {then.recorded_at:%Y-%m-%d %H:%M:%S} UTC:"


COMMANDS = (as_of,)
