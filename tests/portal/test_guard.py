"""What holds for every request: the host, the size, the headers, and forms that no other site filled in."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from flexsync.portal.app import app
from flexsync.portal.route import Route
from tests.support.stored import ANNE, PAUL
from tests.support.web import PASSWORD, URL, Web

HOSTS = {
    "host": {"host": "evil.example"},
    "host with port": {"host": "127.0.0.1:8080.evil.example"},
    "host with user": {"host": "127.0.0.1:8080@evil.example"},
    "other port": {"host": "127.0.0.1:9999"},
    "name of the machine": {"host": "localhost:8080"},
    "empty host": {"host": ""},
    "x-forwarded-host": {"x-forwarded-host": "evil.example"},
    "x-forwarded-host list": {"x-forwarded-host": "127.0.0.1:8080, evil.example"},
    "forwarded": {"forwarded": "for=1.2.3.4;host=evil.example;proto=https"},
    "x-host": {"x-host": "evil.example"},
    "x-original-host": {"x-original-host": "evil.example"},
    "x-http-host-override": {"x-http-host-override": "evil.example"},
}


@pytest.mark.parametrize("headers", HOSTS.values(), ids=HOSTS)
def test_a_forged_host_is_refused_and_reaches_no_mail(sqlite_web, headers):
    sqlite_web.has_password(PAUL)
    browser = sqlite_web.browser()
    token = browser.token("/forgotten")
    assert browser.get("/sign-in", headers=headers).status_code == 400
    form = {"form": token, "email": PAUL.email}
    assert browser.client.post("/forgotten", data=form, headers=headers).status_code == 400
    assert sqlite_web.mails() == []


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/static/flex.css", "/link/x"])
def test_every_answer_is_guarded(sqlite_web, path):
    answer = sqlite_web.browser().get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers


def test_over_tls_cookies_are_bound_to_the_host(sqlite_web):
    url = "https://flex.dupont.example"
    web = Web(replace(sqlite_web.site, url=url), sqlite_web.clock)
    web.has_password(PAUL)
    browser = web.browser(url)
    page = browser.get("/sign-in")
    assert page.headers["strict-transport-security"]
    assert page.headers["set-cookie"].startswith("__Host-flex-form=")
    done = browser.send("/sign-in", email=PAUL.email, password=PASSWORD, next="")
    cookie = done.headers["set-cookie"]
    assert cookie.startswith("__Host-flex=")
    for part in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"):
        assert part in cookie
    assert "domain" not in cookie.lower()


@pytest.mark.parametrize("token", ["", "x", "é"])
def test_a_form_without_its_token_changes_nothing(sqlite_web, token):
    sqlite_web.has_password(PAUL)
    browser = sqlite_web.signed_in(PAUL)
    form = {"form": token, "civility": "madame", "given_name": "Mallory", "family_name": "M"}
    assert browser.client.post("/me/names", data=form).status_code == 403
    assert sqlite_web.store.snapshots(["dupont"])["dupont"].current.users["p.martin"].person == PAUL


def test_a_token_of_somebody_else_is_no_token(sqlite_web):
    sqlite_web.has_password(PAUL, ANNE)
    token = sqlite_web.signed_in(ANNE).token("/me")
    form = {"form": token, "civility": "madame", "given_name": "Mallory", "family_name": "M"}
    assert sqlite_web.signed_in(PAUL).client.post("/me/names", data=form).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://sibling.127.0.0.1:8080"},
        {"origin": "null"},
        {"origin": URL, "sec-fetch-site": "cross-site"},
        {"origin": "null", "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_a_form_from_elsewhere_is_refused(sqlite_web, headers):
    sqlite_web.has_password(PAUL)
    browser = sqlite_web.signed_in(PAUL)
    assert browser.send("/sign-out", "/", headers).status_code == 403
    assert browser.get("/").status_code == 200


@pytest.mark.parametrize("headers", [{"origin": URL}, {"origin": "null", "sec-fetch-site": "same-origin"}])
def test_a_form_from_here_is_taken(sqlite_web, headers):
    sqlite_web.has_password(PAUL)
    browser = sqlite_web.signed_in(PAUL)
    assert browser.send("/sign-out", "/", headers).status_code == 303
    assert browser.get("/").status_code == 303


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b"{}", 415),
        ("multipart/form-data; boundary=x", b"--x--", 415),
        ("", b"email=a", 415),
        (FORM, b"email=a&role=admin", 422),
        (FORM, b"email=a&email=b", 422),
        (FORM, b"email=%ff%fe", 422),
        (FORM, b"email=%ed%a0%80", 422),
        (FORM, "email=é".encode(), 422),
        (FORM, b"&".join(b"x=1" for _ in range(500)), 422),
        (FORM, b"email=" + b"a" * 70_000, 413),
        (FORM, b"email=\x00", 403),
    ],
)
def test_what_is_no_form_of_the_page_is_refused(sqlite_web, kind, body, status):
    answer = sqlite_web.browser().client.post("/forgotten", content=body, headers={"content-type": kind})
    assert answer.status_code == status


def test_a_body_that_does_not_say_its_length_is_bounded(sqlite_web):
    parts = (b"email=" + b"a" * 1024 for _ in range(100))
    answer = sqlite_web.browser().client.post("/forgotten", content=parts, headers={"content-type": FORM})
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 30, "٣", "0x10"])
def test_a_length_that_is_no_number_is_refused(sqlite_web, length):
    headers = {"content-type": FORM, "content-length": length.encode()}
    answer = sqlite_web.browser().client.post("/forgotten", content=b"", headers=headers)
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    "path",
    ["/..%2f..%2fetc/passwd", "/%00", "/static/%2e%2e/app.py", "/static/..%252fapp.py", "/%c0%ae", "/link/%00", "/me/"],
)
def test_odd_paths_are_unknown(sqlite_web, path):
    assert sqlite_web.browser().get(path).status_code in (400, 404)


def test_long_addresses_and_headers_are_refused(sqlite_web):
    assert sqlite_web.browser().get("/" + "a" * 10_000).status_code == 400
    assert sqlite_web.browser().get("/sign-in", headers={"x-big": "a" * 20_000}).status_code == 431


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "BREW"])
def test_unknown_methods_are_refused(sqlite_web, method):
    assert sqlite_web.browser().client.request(method, "/sign-in").status_code == 405


@pytest.mark.parametrize("path", ["/sign-out", "/me/names", "/me/password", "/me/hosting/dupont"])
def test_a_get_changes_nothing(sqlite_web, path):
    sqlite_web.has_password(PAUL)
    assert sqlite_web.signed_in(PAUL).get(path).status_code == 405


def test_a_defect_says_nothing_of_the_inside(sqlite_web):
    def broken(visit):
        raise RuntimeError("secret inside")

    made = app(sqlite_web.site, (Route("/", "visitor", broken),))
    answer = TestClient(made, base_url=URL, raise_server_exceptions=False).get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"]
