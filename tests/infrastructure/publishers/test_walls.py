"""Walls: what came instead of the file."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.causes import CAUSES
from infrastructure.publishers import wall_signs
from infrastructure.publishers.walls import classify, offers_for_money

URL = "https://journal.example.org/12.pdf"


def page(title: str = "", body: str = "", head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>".encode()


def cause(body: bytes = b"", *, url: str = URL, status: int = 200, **headers: str) -> str | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return classify(url, status, named, body, "text/html")


@pytest.mark.case("H42")
@pytest.mark.case("H43")
@pytest.mark.parametrize(
    "headers", [{"cf_mitigated": "challenge"}, {"x_amzn_waf_action": "captcha"}, {"x_datadome": "protected"}]
)
def test_headers_tell_bot_walls_even_over_an_article(headers: dict[str, str]):
    article = page("A study", head='<meta name="citation_title" content="A study">')
    assert cause(article, status=403, **headers) == "bot_challenge"


@pytest.mark.case("H42")
@pytest.mark.case("H43")
@pytest.mark.case("H44")
@pytest.mark.parametrize(
    "body",
    [
        page("Just a moment...", "<noscript>Enable JavaScript and cookies to continue</noscript>"),
        page("Attention Required! | Cloudflare", "<h1>Sorry, you have been blocked</h1>"),
        page("", "<script>window._cf_chl_opt={cvId: '2'};</script>"),
        page("Client Challenge", "<p>JavaScript is disabled in your browser.</p>"),
        page("Radware Bot Manager Captcha", "<p>We apologize for the inconvenience</p>"),
        page("Pardon Our Interruption", "<p>something about your browser made us think you were a bot</p>"),
        page("Access Denied", "You don't have permission. Reference #18.2d351ab8.1557333295.a4e16ab"),
        page("", '<iframe src="/_Incapsula_Resource?SWUDNSAI=31">Request unsuccessful.</iframe>'),
        page("", '<script src="https://ct.captcha-delivery.com/c.js"></script>'),
        b'{"url":"https://geo.captcha-delivery.com/captcha/?initialCid=x"}',
        page("Preparing to download ...", '<script>const POW_CHALLENGE = "x"</script>'),
        page("Making sure you're not a bot!", '<img id="image">'),
        page("Checking your browser - reCAPTCHA"),
        page("Journal", "<p>Please verify you are a human</p>"),
        page("Journal", '<form><div class="g-recaptcha"></div></form>'),
    ],
)
def test_challenges_are_told(body: bytes):
    assert cause(body) == "bot_challenge"


@pytest.mark.case("H41")
@pytest.mark.case("H47")
@pytest.mark.parametrize(
    "body",
    [
        page("Sign in", "<form><input name=user><input name=password type=password></form>"),
        page("Journal", '<form method="post"><input type="hidden" name="SAMLRequest" value="x"></form>'),
        page("Journal", "<p>Purchase access to this article.</p>"),
        page("Journal", "<p>Access through your institution</p>"),
        page("Log in | Repository"),
        page("Find your institution", "<ul><li>A</li></ul>"),
    ],
)
def test_logins_and_offers_are_told(body: bytes):
    assert cause(body) == "login_or_paywall"


@pytest.mark.case("H46")
@pytest.mark.parametrize(
    "body", [page("Cookies required"), page("Journal", "<p>Please enable cookies in your browser and try again.</p>")]
)
def test_cookie_walls_are_told(body: bytes):
    assert cause(body) == "cookie_wall"


@pytest.mark.case("H51")
@pytest.mark.parametrize(
    "body",
    [
        page("Error: DOI Not Found"),
        page("404 - Page not found", "<p>Sorry</p>"),
        b"<h1>Not found</h1>",
        page("Repository", "<p>The file you asked for does not exist.</p>"),
    ],
)
def test_pages_that_say_not_found_with_status_200_are_told(body: bytes):
    assert cause(body) == "not_found"


@pytest.mark.case("H46")
@pytest.mark.case("H47")
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://validate.perfdrive.com/?ssa=x", "bot_challenge"),
        ("https://a.example.org/cdn-cgi/challenge-platform/x", "bot_challenge"),
        ("https://www.example.org/action/cookieAbsent", "cookie_wall"),
        ("https://a.example.org/article?error=cookies_not_supported&code=1", "cookie_wall"),
        ("https://idp.example.edu/idp/profile/SAML2/Redirect/SSO?SAMLRequest=x", "login_or_paywall"),
        ("https://wayf.example.com/?redirect_uri=x", "login_or_paywall"),
        ("https://a.example.org/login?next=/12.pdf", "login_or_paywall"),
        ("https://a.example.org/science/getaccess/pii/12", "login_or_paywall"),
        ("https://a.example.org/errors/404.html", "not_found"),
        ("https://a.example.org/articles/blogging-in-science", None),
        ("https://a.example.org/author/12.pdf", None),
    ],
)
def test_addresses_after_redirects_tell_walls(url: str, expected: str | None):
    assert cause(page("Journal", "<p>Hello</p>"), url=url) == expected


LONG = "<p>" + "Rivers carry water to the sea. " * 200 + "</p>"


@pytest.mark.parametrize(
    "body",
    [
        page(
            "Just a moment of inertia",
            "<a href='/login'>Log in</a> <a href='/buy'>Purchase this article</a><input type=password>",
            '<meta name="citation_pdf_url" content="/12.pdf"><script src="/recaptcha/api.js"></script>',
        ),
        page("A study", '<input type="password"> Please log in', '<meta property="citation_title" content="A study">'),
        page("Repository item", LONG + '<input type="password"><div class="g-recaptcha"></div> Please sign in'),
        page("Repository item", 'Please log in to save. <a href="/files/12.pdf">12.pdf</a><input type=password>'),
        page("Authentication of olive oil by spectroscopy", "<p>An article.</p>"),
        page("CAPTCHA: using hard problems", LONG),
        page("A volume", "<p>An article.</p>"),
        b"%PDF-1.7 just a moment",
        b"",
    ],
)
def test_pages_of_articles_and_files_are_no_walls(body: bytes):
    assert cause(body) is None


def test_an_offer_on_an_articles_page_tells_why_it_names_no_file():
    head = '<meta name="citation_title" content="A study">'
    assert offers_for_money(page("A study", "<p>Purchase this article or log in through your institution.</p>", head))
    assert offers_for_money(page("A study", "<p>You don’t have access</p>", head))
    assert not offers_for_money(page("A study", "<script>var s = 'Purchase this article'</script>", head))


def test_every_cause_is_one_that_the_domain_knows():
    tables = (
        wall_signs.ADDRESSES,
        wall_signs.MARKUP,
        wall_signs.SMALL_PAGE_MARKUP,
        wall_signs.TITLES,
        wall_signs.WORDS,
    )
    assert {cause for table in tables for cause in table} <= set(CAUSES)


@given(body=st.binary(max_size=300), url=st.text(max_size=50))
def test_nothing_makes_the_classifier_fail(body: bytes, url: str):
    assert classify(url, 200, {}, body) in {None, *CAUSES}


@pytest.mark.parametrize(
    "piece", [b"<", b"<a", b"<script", b"<input ", b"<meta ", b"<!--", b"page ", b"&", b"<title>", b"log in "]
)
def test_the_time_is_linear_in_the_page(piece: bytes):
    body = piece * (2_000_000 // len(piece))
    start = time.process_time()
    classify(URL, 200, {}, body)
    offers_for_money(body)
    assert time.process_time() - start < 5
