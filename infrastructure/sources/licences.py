"""Licences in one spelling: the short names of Unpaywall (`cc-by-nc-nd`, `cc0`, `public-domain`)."""

import re

_ADDRESS = re.compile(r"https?://(?:www\.)?creativecommons\.org/(licenses|publicdomain)/([a-z-]+)", re.IGNORECASE)
_SHORT = re.compile(r"cc[ -](by(?:[ -](?:nc|nd|sa))*)", re.IGNORECASE)
_PUBLIC_DOMAIN = {"zero": "cc0", "mark": "public-domain"}


def creative_commons(licence: str | None) -> str | None:
    """The short name of a Creative Commons licence from its address or its name, None for any other licence."""
    if found := _ADDRESS.match(licence or ""):
        kind, name = found[1].lower(), found[2].lower()
        return f"cc-{name}" if kind == "licenses" else _PUBLIC_DOMAIN.get(name)
    if found := _SHORT.fullmatch(licence or ""):
        return "cc-" + found[1].lower().replace(" ", "-")
    return "cc0" if (licence or "").lower() in ("cc0", "cc 0", "cc-0", "cc zero") else None


def short_name(licence: str | None) -> str | None:
    """The short name where there is one, else the licence as it came."""
    return creative_commons(licence) or licence
