"""Every page, seen by everybody: what is not theirs looks like what does not exist.

Made from the table of routes, so that a page without an answer here fails.
"""

import pytest

from flexsync.portal.routes import ROUTES
from tests.support.stored import ANNE, LAURE, PAUL, ZOE
from tests.support.web import PEOPLE, STRANGER, URL

#: Names that are no subscription, or one of somebody else.
FOREIGN = [
    "costa",
    "nobody",
    "0",
    "-1",
    "9223372036854775808",
    "DUPONT",
    "dupont%00",
    "3f2b6c1e-0000-4000-8000-000000000000",
]
#: What stands for the other parts of a path.
PARTS = {"token": "x" * 43, "file": "compta-12.1.exe", "service": "vat_filing", "key": "p.martin", "mail": "1",
         "product": "compta", "run": "0" * 12, "code": "N1", "lang": "fr"}  # fmt: skip
WHO = {"nobody": None, "user": PAUL, "other user": LAURE, "administrator": ANNE, "stranger": STRANGER, "operator": "op"}
SCOPED = [route for route in ROUTES if route.scoped]


def path_of(route, subscription):
    path = route.path.replace("{subscription}", subscription)
    for name, value in PARTS.items():
        path = path.replace(f"{{{name}}}", value)
    assert "{" not in path, f"say what stands for the parts of {route.path}"
    return path


def browser_of(web, who):
    if who is None:
        return web.browser()
    return web.operator() if who == "op" else web.signed_in(who)


def asked(browser, method, path, token):
    if method == "GET":
        return browser.get(path)
    return browser.client.post(path, data={"form": token})


def seen(answer):
    headers = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
    return answer.status_code, headers, answer.content


@pytest.fixture
def people(sqlite_web):
    sqlite_web.has_password(*PEOPLE)
    return sqlite_web


@pytest.mark.parametrize("route", SCOPED, ids=lambda route: route.path)
@pytest.mark.parametrize("who", WHO)
def test_a_foreign_subscription_looks_like_none(people, route, who):
    foreign = [name for name in FOREIGN if not (who == "stranger" and name == "costa")]
    for method in route.methods:
        browser = browser_of(people, WHO[who])
        answers = [seen(asked(browser, method, path_of(route, name), "x")) for name in foreign]
        if route.role == "operator" and who == "operator":
            continue
        expected = 303 if answers[0][0] == 303 else 404
        assert {answer[0] for answer in answers} == {expected}
        if expected == 404:
            assert len({repr(answer) for answer in answers}) == 1
            assert answers[0] == seen(browser.get("/there/is/no/such/page"))


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
@pytest.mark.parametrize("who", WHO)
def test_nobody_sees_a_page_of_another_role(people, route, who):
    may = {
        "visitor": WHO,
        "person": ("user", "other user", "administrator", "stranger"),
        "administrator": ("administrator",),
        "operator": ("operator",),
    }[route.role]
    browser = browser_of(people, WHO[who])
    for method in route.methods:
        answer = asked(browser, method, path_of(route, "dupont"), "x")
        assert answer.status_code < 500
        if who not in may:
            assert answer.status_code in (303, 404)
            assert method == "GET" or answer.status_code in (303, 404)
            if answer.status_code == 303:
                assert answer.headers["location"].startswith(("/sign-in", "/operator/login"))


def test_no_page_of_one_customer_names_another(people):
    roles = {"person": people.signed_in(PAUL), "administrator": people.signed_in(ANNE)}
    routes = [route for route in ROUTES if route.show and route.role in roles]
    shown = [roles[route.role].get(path_of(route, "dupont")).text for route in routes]
    assert {route.role for route in routes} == roles.keys()
    for text in shown:
        for canary in ("costa", "Costa", ZOE.family_name, STRANGER.given_name):
            assert canary not in text


@pytest.mark.parametrize("who", [PAUL, ANNE], ids=["user", "administrator"])
def test_an_act_on_a_foreign_subscription_leaves_it_as_it_was(people, who):
    before = people.store.snapshots(["costa"])
    browser = people.signed_in(who)
    token = browser.token("/me")
    for route in SCOPED:
        if route.act:
            fields = dict.fromkeys(route.fields, "yes")
            answer = browser.client.post(path_of(route, "costa"), data={"form": token, **fields})
            assert answer.status_code in (303, 404)
    assert people.store.snapshots(["costa"]) == before


def test_links_of_pages_lead_nowhere_else(people):
    assert all(route.path.startswith("/") for route in ROUTES)
    assert len({route.path for route in ROUTES}) == len(ROUTES)
    assert URL.startswith("http://127.0.0.1")
