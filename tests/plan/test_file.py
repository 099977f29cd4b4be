"""The saved plan: what it holds, and what is refused."""

import json
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from flexsync.errors import PlanUnusable, Problem, Where
from flexsync.plan.data import mask_iban
from flexsync.plan.file import differences, from_json, to_json
from flexsync.plan.model import Binding, Trip
from flexsync.plan.redact import redact
from flexsync.plan.schema import SCHEMA
from flexsync.state import Service, canonical, digest
from tests.support.plans import make, whole
from tests.support.states import state, user

PUBLISHED = Path(__file__).parents[2] / "schemas" / "plan.schema.json"
IBAN = "FR7630006000011234567890189"
BEFORE = state()
AFTER = state(
    users={**BEFORE.users, "zoe": user("zoe", "compta")}, services={"sepa_payments": Service("active", iban=IBAN)}
)
PLAN = whole(
    make(BEFORE, AFTER),
    problems=(Problem("seats", "5 users for 4 seats", Where("clients/x.yaml", 3, 1), subscription="x"),),
    trips=(Trip("deactivate", 6, 29, "5 or 5 %", "fleet", 6, 3),),
    orphans=("old-client",),
)


def resaved(**changes):
    """A plan file with other content and a right digest, as an attacker would write it."""
    data = {**json.loads(to_json(PLAN)), **changes}
    data.pop("digest")
    return canonical({**data, "digest": digest(data)}).encode()


def refusal(content):
    with pytest.raises(PlanUnusable) as caught:
        from_json(content)
    return str(caught.value)


def test_a_saved_plan_obeys_the_published_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.loads(to_json(PLAN)), SCHEMA)


def test_the_published_schema_is_up_to_date(request):
    text = json.dumps(SCHEMA, indent=2, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-golden"):
        PUBLISHED.parent.mkdir(exist_ok=True)
        PUBLISHED.write_text(text, encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == text


def test_bank_numbers_are_masked_in_the_file_and_come_back_masked():
    saved = to_json(PLAN)
    assert IBAN.encode() not in saved
    assert mask_iban(IBAN).encode() in saved
    assert differences(from_json(saved), PLAN) == ()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (to_json(PLAN)[:200], "cut off or is not JSON"),
        (b"", "cut off or is not JSON"),
        (b"\xff\xfe", "cut off or is not JSON"),
        (b"[" * 1_000_000, "nested too deep"),
        (b"[]", "not a plan file"),
        (b'{"a": 1}', "not a plan file"),
        (b'{"a": 1, "a": 2}', "cut off or is not JSON"),
        (b'{"format": NaN}', "cut off or is not JSON"),
        (b'{"format": ' + b"9" * 10_000 + b"}", "cut off or is not JSON"),
        (b'{"format": 2}', "format 2; this release reads format 1"),
        (to_json(PLAN).replace(b'"zoe', b'"Zoe', 1), "edited or damaged"),
        (b'{"format": 1, "x": "\\ud800"}', "edited or damaged"),
        (resaved(steps=1), "shape of a plan"),
        (resaved(subscriptions=[1]), "at subscriptions/0"),
        (resaved(binding={**json.loads(to_json(PLAN))["binding"], "as_of": "2013-02-30"}), "date"),
    ],
)
def test_what_is_not_a_plan_is_refused_in_words(content, words):
    message = refusal(content)
    assert words in message
    assert "flexsync plan" in message


def test_every_byte_that_is_changed_is_noticed():
    saved = to_json(PLAN)
    for place in range(0, len(saved) - 1, 97):
        edited = saved[:place] + bytes([saved[place] ^ 1]) + saved[place + 1 :]
        assert refusal(edited)


OTHER_VALUES = {
    "store": "store-2", "as_of": date(2013, 6, 16), "catalogue": "c2", "tool": "0.2", "commit": "abc",
    "limits": "l2", "acks": ("contract=1",), "targets": ("boulangerie-*",), "excludes": ("x",),
    "base": "abc", "head": "def", "policies": "p2", "undoes": "1658b51758f4", "edits": "e2",
}  # fmt: skip


@pytest.mark.parametrize("name", [each.name for each in fields(Binding)])
def test_each_binding_field_that_moved_is_named(name):
    fresh = replace(PLAN, binding=replace(PLAN.binding, **{name: OTHER_VALUES[name]}))
    (line,) = differences(PLAN, fresh)
    assert f"({name})" in line


def test_steps_that_appear_and_vanish_are_named():
    plan = PLAN.subscriptions[0]
    fewer = replace(PLAN, subscriptions=(replace(plan, steps=plan.steps[:-1]),))
    assert differences(PLAN, fewer) == ("atelier-dupont: no longer: activate sepa_payments",)
    assert differences(fewer, PLAN) == ("atelier-dupont: new: activate sepa_payments",)


def test_a_moved_store_and_moved_files_are_named():
    plan = PLAN.subscriptions[0]
    fresh = replace(PLAN, subscriptions=(replace(plan, revision=8, digest="0" * 32),))
    assert differences(PLAN, fresh) == (
        "atelier-dupont: the store moved on: revision 7 -> 8",
        "atelier-dupont: the files ask for something else",
    )
    assert differences(PLAN, replace(PLAN, subscriptions=())) == ("atelier-dupont: has nothing to do any more",)


def test_the_fields_of_a_step_that_moved_are_named():
    plan = PLAN.subscriptions[0]
    *others, last = plan.steps
    change = replace(last.change, after={**last.change.after, "status": "off", "recipients": ["zoe"]})
    fresh = replace(plan, steps=(*others, replace(last, change=change, cause="drift", layer="profile vat")))
    assert differences(PLAN, replace(PLAN, subscriptions=(fresh,))) == (
        "atelier-dupont: activate sepa_payments: not as it was planned "
        "(after.recipients not present -> ['zoe'], after.status active -> off, cause intent -> drift)",
    )


def test_redaction_hides_names_and_addresses_everywhere():
    told = replace(PLAN, problems=(replace(PLAN.problems[0], message="Zoe Test is zoe@dupont.example", source="zoe"),))
    saved = to_json(redact(told)).decode()
    for secret in ("zoe@", "Zoe", "anne@", "Test"):
        assert secret not in saved
    assert "user/zoe" in saved


def test_redaction_hides_whatever_a_problem_quotes():
    message = 'dr@hr.example is "Jean "Jo" Petit" here and "Anne Petit" at b.yaml:3:1; put the person under people once'
    problem = replace(PLAN.problems[0], code="person-differs", message=message, source="given_name: Jean")
    (shown,) = redact(replace(PLAN, problems=(problem,))).problems
    assert shown.message == '••• is "•••" at b.yaml:3:1; put the person under people once'
    assert shown.source == ""
    cut = redact(replace(PLAN, problems=(replace(problem, message='found text "Jean and no end'),))).problems[0]
    assert cut.message == 'found text "•••"'
