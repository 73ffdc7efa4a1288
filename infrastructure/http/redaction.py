"""Addresses without what is secret in them."""

from urllib.parse import unquote_plus, urlsplit, urlunsplit

OWN_PARAMETERS = frozenset({
    "api-key", "api_key", "apikey", "client_secret", "e-mail", "email", "insttoken", "mailto", "passwd", "password",
    "x-els-apikey", "x-els-insttoken", "x_api_key",
})  # fmt: skip
"""Query parameters that carry the user's own key, login or address, in lower case: no other origin gets them."""

SECRET_PARAMETERS = OWN_PARAMETERS | {
    "access_token", "auth", "authorization", "key", "secret", "sig", "signature", "token", "x-amz-credential",
    "x-amz-security-token", "x-amz-signature",
}  # fmt: skip
"""The same and those that let anybody in who reads them; sites do hand these on to each other."""


def without_secrets(url: str) -> str:
    """The address without user name, password and secret query parameters; anything that is no address becomes ""."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    kept = "&".join(pair for pair in parts.query.split("&") if _name(pair) not in SECRET_PARAMETERS)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, kept, parts.fragment))


def own_values(query: str) -> frozenset[str]:
    """The user's own secrets in a query string, decoded."""
    return frozenset(_value(pair) for pair in query.split("&") if _name(pair) in OWN_PARAMETERS) - {""}


def without_values(query: str, values: frozenset[str]) -> str:
    """The query string without the parameters that carry one of these secrets under a secret's name."""
    return "&".join(
        pair for pair in query.split("&") if not (_name(pair) in SECRET_PARAMETERS and _value(pair) in values)
    )


def _name(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0]).strip().lower()


def _value(pair: str) -> str:
    return unquote_plus(pair.partition("=")[2])
