"""HTML: the templates' environment, and answers that are a whole page or only the part that htmx swaps."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template
from litestar.template import TemplateConfig
from markupsafe import Markup, escape

from application import formats
from application.job_wording import LABELS as JOB_LABELS
from application.job_wording import counted, so_far, to_come, why
from application.outlook import ACTION_LABELS, SWITCH_LABELS
from application.plain_names import reason_in_words, setting_name
from application.standing import LABELS, MEANINGS
from application.wording import VERSIONS, cause_sentence, outcome_sentence, place
from interfaces.settings_book import SettingsBook
from interfaces.web.addresses import web_address
from interfaces.web.assets import asset
from interfaces.web.naming import segment
from interfaces.web.navigation import GROUPS
from interfaces.web.problems import WebRequest
from interfaces.web.telling import told_on
from interfaces.web.views.actions import actions_in
from interfaces.web.views.bulk import bulk_actions

FOLDER = Path(__file__).resolve().parent / "templates"
_MOMENT = re.compile(r"\b([0-9]{1,2} [A-Z][a-z]{2} [0-9]{4}, [0-9]{2}:[0-9]{2} UTC)\b")
NOTHING: Mapping[str, object] = {}
VARY = "HX-Request, HX-History-Restore-Request, HX-Request-Type"


def template_config(book: SettingsBook, *, debug: bool) -> TemplateConfig[JinjaTemplateEngine]:
    """Jinja with autoescape in every template; a name that a template does not know is an error."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=debug,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=formats.number,
        size=formats.size,
        seconds=formats.seconds,
        moment=formats.moment,
        clock=formats.clock,
        shortened=formats.shortened,
        iso=iso,
        place=place,
        cause_sentence=cause_sentence,
        outcome_sentence=outcome_sentence,
        counted=counted,
        to_come=to_come,
        so_far=so_far,
        why=why,
        in_words=reason_in_words,
        setting_name=setting_name,
        segment=segment,
        coded=coded,
        timed=timed,
        web_address=web_address,
    )
    environment.globals.update(
        told_on=told_on,
        actions_in=actions_in,
        bulk_actions=bulk_actions,
        asset=asset,
        groups=GROUPS,
        plural=formats.plural,
        labels=LABELS,
        job_labels=JOB_LABELS,
        meanings=MEANINGS,
        versions=VERSIONS,
        switch_labels=SWITCH_LABELS,
        action_labels=ACTION_LABELS,
        contact_missing=lambda: not book.settings.contact_email,
    )
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def iso(moment: datetime) -> str:
    """The moment for the `datetime` attribute of a time element."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def coded(text: str) -> Markup:
    """The text with what stands in backticks, commands as a rule, as code."""
    parts = str(text).split("`")
    if len(parts) % 2 == 0:  # one of them has no partner
        return escape(text)
    return Markup("").join(Markup("<code>{}</code>").format(part) if i % 2 else part for i, part in enumerate(parts))


def timed(text: str) -> Markup:
    """The text with the moments that stand in it as such, so that a page shows all its times in one zone."""
    parts = _MOMENT.split(str(text))
    return Markup("").join(_timed(part) if i % 2 else part for i, part in enumerate(parts))


def _timed(text: str) -> str | Markup:
    try:
        moment = datetime.strptime(text, formats.MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return text
    return Markup('<time datetime="{}">{}</time>').format(iso(moment), text)


def wants_part(request: WebRequest) -> bool:
    """Whether htmx asks for a part. It sends no HX-Request when it restores history: that needs the whole page."""
    return request.headers.get("hx-request") == "true"


def html(template: str, view: object, *, status: int = 200, around: Mapping[str, object] = NOTHING) -> Template:
    """A page or a part, filled in with a view that is fully loaded: templates render on the event loop.

    `around` are views of what stands around it, by their names.
    """
    return Template(template, context={"view": view, **around}, status_code=status, headers={"vary": VARY})


def page_or_part(
    request: WebRequest, page: str, part: str, view: object, *, around: Mapping[str, object] = NOTHING
) -> Template:
    """The part for htmx, the whole page for everybody else."""
    return html(part if wants_part(request) else page, view, around=around)
