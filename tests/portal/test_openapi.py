"""The OpenAPI document tells the truth: no answer that it does not name, and never a 5xx."""

from collections import Counter
from itertools import count

import pytest
import schemathesis
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from starlette.testclient import TestClient

from flexsync.portal.app import app
from flexsync.state import Person, Product
from tests.support.stored import atelier, brought, user
from tests.support.web import URL

#: Whom the examples of the document speak of.
PIERRE = Person("monsieur", "Pierre", "Quiroule", "pierre@quiroule.example")


@pytest.fixture
def document(web):
    """The interface as schemathesis reads it from the running portal, asked from another address each time."""
    users = {"pierre": user(PIERRE, "compta")}
    brought(web.store, atelier("atelier-quiroule", products={"compta": Product(data_mode="hosted")}, users=users))
    web.has_password(PIERRE)
    portal, number = app(web.site), count(1)

    async def asked(scope, receive, send):
        if scope["type"] == "http":
            place = next(number)
            others = [header for header in scope["headers"] if header[0] != b"host"]
            host = (b"host", web.site.url.removeprefix("http://").encode())
            client = (f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}", 40_000)
            scope = {**scope, "headers": [host, *others], "client": client}
        await portal(scope, receive, send)

    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", asked)
    schema.config.generation.update(max_examples=40, deterministic=True)
    return schema


def trouble(event) -> list[str]:
    """What a scenario found wrong, in words."""
    checks = [node for nodes in event.recorder.checks.values() for node in nodes]
    return [f"{event.label}: {node.name}: {node.failure_info.failure}" for node in checks if node.failure_info]


def test_no_answer_is_one_that_the_document_does_not_name(document):
    found, statuses = [], Counter()
    for event in from_schema(document).execute():
        assert not isinstance(event, FatalError | NonFatalError), event
        if isinstance(event, ScenarioFinished):
            found += trouble(event)
            statuses.update(one.response.status_code for one in event.recorder.interactions.values() if one.response)
    assert found == []
    assert max(statuses) < 500
    assert statuses[200] > 10
    assert {400, 401, 415, 422} <= statuses.keys()


def test_the_document_tells_every_answer_of_strict_bodies(web):
    document = TestClient(app(web.site), base_url=URL).get("/api/v1/openapi.json").json()
    assert set(document["paths"]) == {"/launch", "/dossiers", "/key"}
    for path in ("/launch", "/dossiers"):
        answers = document["paths"][path]["post"]["responses"]
        assert set(answers) == {
            "200",
            *["400", "401", "403", "408", "409", "413", "415", "422", "429", "431", "500", "503"],
        }
    credentials = document["components"]["schemas"]["LaunchRequest"]
    assert credentials["additionalProperties"] is False
    assert credentials["properties"]["password"]["writeOnly"] is True
