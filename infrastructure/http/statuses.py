"""What an answer's status line and headers say, as data (RFC 9110 and the walls' own documentation)."""

from collections.abc import Mapping

GOOD = frozenset({200, 203})
REDIRECTS = frozenset({301, 302, 303, 307, 308})

CAUSES: Mapping[int, str] = {
    204: "empty_body",
    205: "empty_body",
    401: "forbidden",
    402: "login_or_paywall",
    403: "forbidden",
    404: "not_found",
    407: "network_error",
    408: "timeout",
    410: "not_found",
    429: "rate_limited",
    451: "forbidden",
}
SERVER_ERRORS = range(500, 600)

CHALLENGES = (
    ("cf-mitigated", "challenge"),  # Cloudflare, “Detect a challenge page response”
    ("x-amzn-waf-action", "challenge"),  # AWS WAF, “How the CAPTCHA and Challenge actions work”
    ("x-amzn-waf-action", "captcha"),
)


def cause_of(status: int, headers: Mapping[str, str], *, told_to_wait: bool = False) -> str | None:
    """The cause that an answer stands for, a name of domain.causes; None for one with a body worth reading."""
    if any(headers.get(name, "").strip().lower() == value for name, value in CHALLENGES):
        return "bot_challenge"
    if status in GOOD:
        return None
    if status in SERVER_ERRORS:
        return "rate_limited" if status == 503 and told_to_wait else "server_error"
    return CAUSES.get(status, "bad_response")


AGAIN = frozenset({"rate_limited", "server_error"})
"""Causes of answers after which another try, a little later, makes sense."""
