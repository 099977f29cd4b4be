"""The interface of the desktop software over HTTP, inside the portal that guards it."""

import pytest
from starlette.testclient import TestClient

from flexsync.grants import opened, public_key
from flexsync.portal.app import app
from tests.support.stored import ANNE, LAURE, PAUL
from tests.support.web import PASSWORD, URL

PAYE = {"product": "paye", "workstation": "PC-1", "version": "12.0"}


@pytest.fixture
def http(web):
    web.has_password(ANNE, PAUL, LAURE)
    with TestClient(app(web.site), base_url=URL, raise_server_exceptions=False) as client:
        client.base_url = f"{URL}/api/v1"
        yield client


def asked(**fields):
    return {"email": PAUL.email, "password": PASSWORD, **PAYE, **fields}


def test_the_interface_answers_with_what_the_act_says(http):
    answer = http.post("/launch", json=asked())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["newest"] == {"version": "12.1", "label": "Ciel Paye Evolution", "update": True}
    key = http.get("/key").json()
    assert opened(told["grant"], public_key(key["public_key"])).workstation == "PC-1"


@pytest.mark.parametrize(("fields", "status", "code"), [
    ({"password": "wrong"}, 401, "not_signed_in"),
    ({"email": "nobody@dupont.example"}, 401, "not_signed_in"),
    ({"email": LAURE.email, "product": "compta"}, 403, "no_access"),
    ({"email": ANNE.email}, 403, "no_seat"),
    ({"role": "admin"}, 422, "invalid"),
    ({"workstation": "a b"}, 422, "invalid"),
    ({"version": 12.1}, 422, "invalid"),
    ({"password": "x" * 1025}, 422, "invalid"),
    ({"email": "a\x00b@c.example"}, 422, "invalid"),
])  # fmt: skip
def test_each_refusal_has_a_status_and_a_code(http, fields, status, code):
    answer = http.post("/launch", json=asked(**fields))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_refused_credentials_look_alike_to_the_byte(http):
    answers = [
        http.post("/launch", json=asked(**fields))
        for fields in ({"password": "wrong"}, {"email": "nobody@dupont.example"}, {"password": "\x00"})
    ]
    assert len({(one.status_code, one.content, tuple(one.headers.items())) for one in answers}) == 1


@pytest.mark.parametrize(("content", "kind", "status"), [
    (b'{"email": "a", "email": "b"}', "application/json", 400),
    (b'{"email": NaN}', "application/json", 400),
    (b"[" * 60_000, "application/json", 400),
    (b"\xff", "application/json", 400),
    (b"", "application/json", 400),
    (b"{}", "text/plain", 415),
    (b"{}", "", 415),
    (b" " * 70_000, "application/json", 413),
])  # fmt: skip
def test_what_is_no_plain_json_is_refused_unread(http, content, kind, status):
    assert http.post("/launch", content=content, headers={"content-type": kind}).status_code == status


def test_what_was_sent_comes_back_in_no_answer(http):
    secret = "canari " + "x" * 1100
    assert "canari" not in http.post("/launch", json=asked(password=secret)).text
    assert "canari" not in http.post("/launch", json={"email": 5, "password": ["canari"]}).text


def test_an_address_that_guesses_too_often_waits(http):
    statuses = [http.post("/launch", json=asked(email=f"n{n}@x.example")).status_code for n in range(61)]
    assert statuses[:60] == [401] * 60
    answer = http.post("/launch", json=asked())
    assert (answer.status_code, answer.headers["retry-after"].isdigit()) == (429, True)
