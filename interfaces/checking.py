"""The checks of the settings and of the program itself, for `doctor`."""

import platform
import sys
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from importlib.metadata import version

from application.formats import listed
from application.health import Check, Finding, error, ok, skipped, warning
from interfaces.names import former_in_words, unknown
from interfaces.settings import PREFIX, TOML, Origins, Settings, SettingsError, read_toml

RENAME = "Remove them, or rename them; `scipaperloader config` shows what counts."


def of_program(check_layers: Callable[[], None]) -> Check:
    """The check that the program is whole. `check_layers` raises where it comes from several places."""

    def examine() -> Finding:
        check_layers()
        return ok(f"SciPaperLoader {version('scipaperloader')}, Python {platform.python_version()}, {sys.platform}.")

    return Check(name="program", tested="The program", examine=examine)


def of_names(names: Collection[str], settings: Settings | None = None) -> tuple[Check, ...]:
    """The checks of names that mean nothing, among these and those of the settings' file."""
    return (
        Check(name="former-names", tested="Settings of the former application", examine=partial(_former, names)),
        Check(name="unknown-names", tested="Names of settings", examine=partial(_unknown, names, settings)),
    )


def of_settings(settings: Settings, origins: Origins) -> tuple[Check, ...]:
    """The checks of the values."""
    return (
        Check(name="settings", tested="The settings", examine=partial(_given, origins)),
        Check(name="contact", tested="The contact address", examine=partial(_contact, settings)),
        Check(name="source-keys", tested="The sources' keys", examine=lambda: skipped("No source needs a key.")),
    )


def of_unreadable(problem: SettingsError) -> Check:
    """The check of settings that cannot be read."""
    found = error(problem.message, problem.remedy)
    return Check(name="settings", tested="The settings", examine=lambda: found)


def _former(names: Collection[str]) -> Finding:
    told = former_in_words(names)
    return warning(told, RENAME) if told else ok("None is set.")


def _unknown(names: Collection[str], settings: Settings | None) -> Finding:
    written = set(names)
    if settings is not None:
        with suppress(SettingsError):  # told by the check of the settings
            written |= read_toml(settings.data / TOML).keys()
    told = [f"{name} (perhaps {near})" if near else name for name, near in unknown(written).items()]
    return warning(f"Not known: {listed(told)}.", RENAME) if told else ok(f"All that begin with {PREFIX} are known.")


def _given(origins: Origins) -> Finding:
    given = [f"{name.upper()} ({origin})" for name, origin in origins.by_name.items() if origin != "default"]
    return ok(f"Given: {listed(given)}." if given else "All have their defaults.")


def _contact(settings: Settings) -> Finding:
    if settings.contact_email:
        return ok(f"{settings.contact_email}.")
    found = warning(
        "There is none: sources that need one, Unpaywall first of all, are not asked.",
        "Set SCIPAPERLOADER_CONTACT_EMAIL to your address.",
    )
    return found.on_page("Set the address.", "/settings#contact_email")
