"""By what walls are known: data, one pattern a line, from the vendors' documentation and from their pages.

Patterns are regular expressions, searched without regard to case. Within a table the first cause that fits is taken.
"""

import re
from collections.abc import Iterable, Mapping

BOT, COOKIES, LOGIN, MISSING = "bot_challenge", "cookie_wall", "login_or_paywall", "not_found"

Signs = Mapping[str, re.Pattern[str]]
"""Causes, names of domain.causes, each with what stands for it."""


def _signs(**patterns: Iterable[str]) -> Signs:
    return {cause: re.compile("|".join(lines), re.IGNORECASE) for cause, lines in patterns.items()}


HEADERS = (
    ("cf-mitigated", re.compile(r"challenge", re.IGNORECASE)),  # Cloudflare
    ("x-amzn-waf-action", re.compile(r"challenge|captcha", re.IGNORECASE)),  # AWS WAF
    ("x-dd-b", re.compile(r".")),  # DataDome
    ("x-datadome", re.compile(r"protected", re.IGNORECASE)),
    ("x-px-blocked", re.compile(r".")),  # HUMAN, formerly PerimeterX
)
"""Headers that only bot walls send, with their values."""

ADDRESSES = _signs(
    bot_challenge=(
        r"validate\.perfdrive\.com",  # Radware
        r"captcha-delivery\.com",  # DataDome
        r"/cdn-cgi/(?:challenge-platform|l/chk)",
        r"[?&]__cf_chl_",
        r"/_incapsula_resource",  # Imperva
        r"google\.com/sorry/",
        r"/(?:re)?captcha(?:[/?.]|$)",
        r"/(?:bot|human)-?(?:check|verification|challenge)",
        r"/crawlprevention/",
        r"/_fs-ch-",  # F5, Fastly
        r"/action/captchachallenge",
    ),
    cookie_wall=(
        r"/cookieabsent",  # Atypon
        r"[?&]cookieset=1",
        r"error=cookies?_not_supported",  # Springer Nature
        r"/cookies?[_-]?(?:required|disabled|error)",
        r"/nocookies?\b",
    ),
    login_or_paywall=(
        r"[?&]samlrequest=",
        r"/idp/profile/saml2?/",
        r"/shibboleth(?:\.sso|/|\?|$)",
        r"//(?:wayf|idp|sso|login|signin|auth|openid|cas|shibboleth)\.",
        r"openathens\.net",
        r"/(?:users?/)?(?:log|sign)[-_]?(?:in|on)(?:[/?.;]|$)",
        r"/action/(?:showlogin|ssostart)",
        r"/getaccess(?:/|\?|$)",
        r"/(?:purchase|paywall|checkout|shopping-?cart|subscribe)(?:[/?.]|$)",
        r"foxycart\.com",  # HighWire
        r"//ezproxy\.[^/]+/login",
        r"/wayf(?:/|\?|$)",
        r"/authwall",
    ),
    not_found=(r"/(?:404|not-?found|error-?404|page-?not-?found)(?:[/?.]|$)",),
)
"""What addresses, after all redirects, stand for."""

MARKUP = _signs(
    bot_challenge=(
        r"window\._cf_chl_opt",
        r"challenge-error-text",
        r"cf-browser-verification",
        r"enable javascript and cookies to continue",
        r"incapsula incident id",
        r"captcha-delivery\.com/",
        r"var dd=\{",
        r"validate\.perfdrive\.com",
        r"id=[\"']px-captcha",
        r"window\.gokuprops",  # AWS WAF
        r"recaptcha/challengepage",
        r"pow_challenge",
        r"cloudpmc-viewer-pow",  # PubMed Central
        r"id=[\"']anubis",
        r"distil_r_captcha",
        r"sec-if-cpt-container",  # Akamai
        r"reference #\d+\.[0-9a-f]+\.\d+\.[0-9a-f]+",  # Akamai
    ),
    login_or_paywall=(r"<input\b[^>]{0,400}\bname\s*=\s*[\"']?saml(?:request|response)",),
)
"""Pieces of source that only walls have."""

SMALL_PAGE_MARKUP = _signs(
    login_or_paywall=(r"<input\b[^>]{0,400}\btype\s*=\s*[\"']?password",),
    bot_challenge=(
        r"/_incapsula_resource",
        r"/cdn-cgi/challenge-platform/",
        r"awswafintegration",
        r"window\._pxappid",
        r"js\.datadome\.co",
        r"\b(?:g-recaptcha|h-captcha|cf-turnstile)\b",
        r"/recaptcha/(?:api|enterprise)\.js",
    ),
)
"""Pieces that articles' pages have too: they count where a page has little else."""

TITLES = _signs(
    bot_challenge=(
        r"^just a moment",  # Cloudflare
        r"^attention required!",  # Cloudflare
        r"^checking your browser",
        r"^client challenge",  # Springer Nature
        r"^pardon our interruption",  # Imperva
        r"^radware",
        r"^robot check",
        r"are you (?:a )?(?:robot|human)",
        r"^(?:human|security|bot|browser) (?:verification|check|challenge)",
        r"^captcha",
        r"^verif(?:y|ying|ication)\b.{0,40}(?:human|browser|device|(?:ro)?bot)",
        r"^access (?:to this page has been )?denied",
        r"^ddos-guard",
        r"^preparing to download",  # PubMed Central
        r"^one moment, please",
        r"^please wait\W*(?:$|\|)",
        r"^making sure you'?re not a bot",  # Anubis
        r"^validate user$",
        r"^you have been blocked",
        r"^request (?:rejected|blocked)",
        r"^(?:site|bot) protection",
    ),
    cookie_wall=(
        r"^(?:error:? )?cookies? (?:absent|required|disabled|not (?:enabled|supported))",
        r"cookies? (?:is|are) (?:required|disabled)",
    ),
    login_or_paywall=(
        r"^(?:please )?(?:log|sign)[ -]?(?:in|on)\s*(?:$|[|:·–—-])",
        r"^(?:authentication|institutional (?:login|access)|access options|get access|shopping cart)\s*(?:$|[|:·–—-])",
        r"^(?:choose|select|find) your institution",
        r"^(?:subscription required|purchase|anmelden|connexion|iniciar sesi[oó]n)\s*(?:$|[|:·–—-])",
        r"\b(?:log|sign)[ -]?in$",
        r"\bshibboleth\b",
        r"openathens",
    ),
    not_found=(
        r"^(?:error:? )?404\b",
        r"\b404 (?:error|not found)|\b404$",
        r"\b(?:page|doi|document|item|resource)(?: \w+){0,3} (?:not found|unavailable|exist)\b",
        r"^(?:error:? )?not found\b",
        r"^gone$",
        r"seite nicht gefunden",
        r"page introuvable",
        r"p[aá]gina no encontrada",
    ),
)
"""What the titles of small pages stand for."""

WORDS = _signs(
    bot_challenge=(
        r"verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?(?:human|not a (?:ro)?bot)",
        r"prove (?:that )?you(?:'re| are) (?:a )?human",
        r"i['’]m not a robot",
        r"are you a (?:human|robot)",
        r"(?:complete|solve) (?:the|this) (?:captcha|security check|challenge)",
        r"unusual (?:traffic|activity)",
        r"checking (?:if the site connection is secure|your browser)",
        r"automated (?:access|requests|queries|download)",
        r"preparing to download",
        r"has been (?:blocked|detected as (?:a )?(?:ro)?bot)",
        r"you look like a robot",
        r"enter the characters you see",
        r"you have been blocked",
        r"(?:scraping|crawling) activity",
        r"access (?:to this (?:page|site|resource) )?(?:has been|was|is) (?:denied|blocked) because",
    ),
    cookie_wall=(
        r"(?:enable|accept|allow|turn on)(?: \w+){0,2} cookies",
        r"cookies? (?:is|are|must be|need to be)(?: \w+){0,2} (?:required|disabled|enabled|turned off)",
        r"requires? (?:\w+ ){0,3}cookies",
        r"does not (?:accept|support) cookies",
    ),
    login_or_paywall=(
        r"(?:purchase|buy|rent) (?:\w+ ){0,2}(?:access|article|pdf|chapter|issue|subscription)",
        r"(?:log|sign) ?in (?:\w+ ){0,3}(?:institution|account|credentials)",
        r"institutional (?:login|log in|sign in|subscription)",
        r"access through your (?:institution|organi[sz]ation)",
        r"get (?:full )?access",
        r"you (?:do not|don['’]t) (?:currently )?have access",
        r"subscription (?:is )?required",
        r"select your institution",
        r"(?:log|sign) ?in to (?:view|read|access|download|continue)",
        r"please (?:log|sign) ?in",
        r"add to (?:cart|basket)",
        r"login required",
        r"shibboleth|openathens",
    ),
    not_found=(
        r"\bdoi not found\b",
        r"\b(?:page|document|article|file|item|resource|pdf) (?:\w+ ){0,4}(?:not found|cannot be found|does not exist)",
        r"\b(?:page|document|article|file|item|resource|pdf) (?:\w+ ){0,4}(?:couldn['’]t be found|could not be found)",
        r"\b(?:page|document|article|file|item|resource|pdf) (?:\w+ ){0,4}no longer (?:exists|available)",
        r"^\W*(?:error )?(?:404|not found)\b",
        r"404 (?:error|not found)",
    ),
)
"""What the texts of small pages stand for."""

_FOR_SALE = (
    r"(?:purchase|buy|rent) (?:\w+ ){0,3}(?:access|article|pdf|chapter|paper)",
    r"log ?in (?:\w+ ){0,2}(?:through|via|with) your institution",
    r"access through your (?:institution|organi[sz]ation)",
    r"you (?:do not|don['’]t) (?:currently )?have access",
    r"get (?:full )?access to this",
    r"this is a preview of subscription content",
    r"subscription required",
)
FOR_SALE = re.compile("|".join(_FOR_SALE), re.IGNORECASE)
"""Words with which an article's page offers what it does not give."""
