"""The headers that every answer carries, as data (OWASP Secure Headers; CSP level 3)."""

from collections.abc import Mapping

PAGE_POLICY: Mapping[str, str] = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "frame-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""No inline script or style, nothing from elsewhere, no framing; form-action has no fallback in default-src."""

FILE_POLICY: Mapping[str, str | None] = {
    "sandbox": None,
    "default-src": "'none'",
    "frame-ancestors": "'self'",
}
"""For stored files, which strangers made: nothing in them runs as ours, and only our pages show them in a frame."""


def policy(directives: Mapping[str, str | None]) -> str:
    """The value of a Content-Security-Policy header."""
    return "; ".join(name if value is None else f"{name} {value}" for name, value in directives.items())


HEADERS: Mapping[str, str] = {
    "content-security-policy": policy(PAGE_POLICY),
    "x-content-type-options": "nosniff",
    # Not no-referrer: with it a plain form would be sent with `Origin: null`.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
"""Added to every answer that does not have the header already."""

FILE_HEADERS: Mapping[str, str] = {
    "content-security-policy": policy(FILE_POLICY),
    "x-frame-options": "SAMEORIGIN",
    "cache-control": "private, no-cache",
}
"""In place of those, for stored files."""
