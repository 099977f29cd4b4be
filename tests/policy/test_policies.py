"""Policies: what the rules of a fleet say of a plan, and what follows from it."""

from dataclasses import replace

import pytest

from flexsync.desired.rule_spec import PolicyRule
from flexsync.errors import Exit, InvalidFiles, Where, WrongCommand, worst
from flexsync.plan.change import KINDS, Change
from flexsync.plan.file import differences, from_json, to_json
from flexsync.plan.model import Finding, Step, SubscriptionPlan
from flexsync.policy.approval import acting, check_approvers, standing
from flexsync.policy.items import VARIABLES, item_of
from flexsync.policy.judging import judge
from flexsync.policy.rules import Rules, rules_from
from tests.support.plans import make, whole
from tests.support.states import state


def here(path):
    return Where("fleet.yaml", 1 + len(path))


def rules(*expressions, effect="deny", **fields) -> Rules:
    entries = [
        PolicyRule(name=f"rule-{number}", when=when, effect=effect, message="No.", **fields)
        for number, when in enumerate(expressions)
    ]
    return rules_from(entries, here)


def step(kind, subject, before=None, after=None, **fields) -> Step:
    return Step(Change(kind, subject, before, after), limit=KINDS[kind].limit, **fields)


HIRE = step("user.create", "user/zoe", None, {"person": {"email": "zoe@elsewhere.example"}})
GRANT = step("access.grant", "access/zoe/paye", False, True)
PLAN = SubscriptionPlan("atelier", 3, "d", (HIRE, GRANT))


def found(when, plan=PLAN, profiles=(), **fields):
    return [
        (finding.effect, finding.subject)
        for finding in judge([plan], rules(when, **fields), {"atelier": tuple(profiles)})
    ]


@pytest.mark.parametrize(
    ("when", "subjects"),
    [
        ('kind == "user.create"', ["user/zoe"]),
        ('class == "invite"', ["user/zoe"]),
        ('danger == "safe"', ["user/zoe", "access/zoe/paye"]),
        ('cause != "intent"', []),
        ('subject.startsWith("access/")', ["access/zoe/paye"]),
        ('key == "zoe" && product == "paye"', ["access/zoe/paye"]),
        ('subscription.matches("^ate.*$")', ["user/zoe", "access/zoe/paye"]),
        ("after == true && before == false", ["access/zoe/paye"]),
        ('kind == "user.create" && !after.person.email.endsWith("@dupont.example")', ["user/zoe"]),
        ('"payroll" in profiles', ["user/zoe", "access/zoe/paye"]),
        ('profiles.exists(name, name == "vat")', []),
        ("counts.invite == 1 && counts_here.invite == 1 && counts.delete == 0", ["user/zoe", "access/zoe/paye"]),
        ('offer == "ultraflex"', []),
        ('"N2" in notices', []),
    ],
)
def test_a_rule_sees_every_variable_of_a_step(when, subjects):
    assert found(when, profiles=["payroll"]) == [("deny", subject) for subject in subjects]


def test_an_item_has_exactly_the_variables_there_are():
    assert set(item_of(HIRE, PLAN, (), {}, {})) == VARIABLES


def test_bank_numbers_are_masked_for_rules():
    iban = "FR7630006000011234567890189"
    moved = step("service.update", "service/sepa", {"iban": iban}, {"iban": iban})
    plan = SubscriptionPlan("atelier", 1, "d", (moved,))
    assert found(f'after.iban == "{iban}"', plan) == []
    assert found('after.iban.startsWith("FR76")', plan) == [("deny", "service/sepa")]


def test_steps_that_apply_would_not_do_are_not_asked_about():
    from flexsync.errors import Block

    held = replace(PLAN, steps=(replace(HIRE, blocks=(Block("seats", "no seat"),)), GRANT))
    assert found("true", held) == [("deny", "access/zoe/paye")]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ('after.person.email == "x"', "does not fit"),
        ('after.nothing == "x"', "has no 'nothing'"),
        ("kind", "neither true nor false"),
        ("1 / 0 == 1", "division by zero"),
        ('kind.shout() == "X"', "shout"),
    ],
)
def test_a_rule_without_an_answer_denies_and_says_why(when, words):
    plan = replace(PLAN, steps=(GRANT,)) if "person" in when else replace(PLAN, steps=(HIRE,))
    (finding,) = judge([plan], rules(when, effect="warn"), {})
    assert finding.effect == "deny"
    assert words in finding.message


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ("kind ==", "column"),
        ("kynd == 'x'", 'Did you mean "kind"?'),
        ("[1].all(a, [1].all(b, [1].all(c, true)))", "more than 2"),
        ("(" * 300 + "true" + ")" * 300, ""),
        ('kind == "user.delet"', '"user.delet" is no kind of a step. Did you mean "user.delete"?'),
        ("'destructiv' == danger", 'Did you mean "destructive"?'),
        ('kind in ["user.create", "access.grand"]', 'Did you mean "access.grant"?'),
        ('class != "deactivated"', 'Did you mean "deactivate"?'),
        ("kind == 'grunt'", '"grunt" is no kind of a step.'),
        ("subject != '' // kind == 'x'\n && kind == 'access.grand'", 'Did you mean "access.grant"?'),
    ],
)
def test_an_expression_that_cannot_be_used_is_a_problem_with_its_place(when, words):
    with pytest.raises(InvalidFiles) as caught:
        rules(when)
    (problem,) = caught.value.problems
    assert (problem.code, problem.where.line) == ("policy", 4)
    assert words in problem.message


@pytest.mark.parametrize(
    "when",
    [
        'class == ""',
        'has(after.kind) && after.kind == "x"',
        'kind.startsWith("user.")',
        "subject == 'kind == \"x\"'",
        "subject != '' // kind == 'x'",
        "kind == r'user.create'",
    ],
)
def test_words_that_are_no_word_of_ours_may_be_any(when):
    assert len(rules(when).each) == 1


def test_all_that_is_wrong_with_rules_is_told_at_once():
    entries = [
        PolicyRule(name="one", when="true", effect="require_approver", message="No."),
        PolicyRule(name="one", when="((", effect="deny", message="No.", approvers=["ana"]),
    ]
    with pytest.raises(InvalidFiles) as caught:
        rules_from(entries, here)
    codes = [problem.code for problem in caught.value.problems]
    assert codes == ["policy-approvers", "policy-twice", "policy-approvers", "policy"]


def test_a_step_too_big_to_judge_is_denied():
    big = step("user.create", "user/zoe", None, {"person": {"email": "x" * 70_000}})
    assert found("after.person.email.size() > 100000000", replace(PLAN, steps=(big,))) == [("deny", "user/zoe")]


@pytest.mark.parametrize("side", [{"sirets": ["1"] * 1_001}, {"one": [{"two": {str(n): 1 for n in range(1_001)}}]}])
def test_a_list_too_long_to_walk_over_twice_is_denied(side):
    long = step("service.update", "service/vat", None, side)
    (finding,) = judge([replace(PLAN, steps=(long,))], rules("after.all(a, after.all(b, false))"), {})
    assert (finding.effect, "more than 1000 entries" in finding.message) == ("deny", True)


def test_rules_that_take_too_long_deny_what_is_left():
    ticks = iter([0.0, 1.0, 61.0, 62.0])
    findings = judge([PLAN], rules("false"), {}, ticks=lambda: next(ticks))
    assert [finding.subject for finding in findings] == ["access/zoe/paye"]
    assert "took more than 60 s" in findings[0].message


def test_the_worst_that_an_expression_may_do_ends_soon():
    numbers = ",".join("1" * 230)
    assert found(f"[{numbers}].all(a, [{numbers}].all(b, a == b))"[:1000]) == [
        ("deny", "user/zoe"),
        ("deny", "access/zoe/paye"),
    ]


def test_one_approver_is_enough_and_a_denial_has_none():
    asked = Finding("a", "require_approver", "Ask.", approvers=("ana", "bob"))
    denied, told = Finding("b", "deny", "No."), Finding("c", "warn", "Hm.")
    assert standing([asked, denied, told], ()) == (asked, denied)
    assert standing([asked, denied, told], ("bob",)) == (denied,)
    assert acting("ci", ("bob", "ana")) == "ci, approved by ana, bob"


def test_a_name_that_no_rule_asks_is_refused():
    with pytest.raises(WrongCommand, match='Did you mean "ana"'):
        check_approvers([Finding("a", "require_approver", "Ask.", approvers=("ana",))], ["anna"])


def test_a_denial_weighs_more_than_a_limit_and_less_than_a_stale_plan():
    assert worst({Exit.REFUSED, Exit.POLICY, Exit.INVALID}) == Exit.POLICY
    assert worst({Exit.PLAN_UNUSABLE, Exit.POLICY}) == Exit.PLAN_UNUSABLE


def test_findings_are_saved_and_compared():
    findings = judge([PLAN], rules("true", effect="require_approver", approvers=["ana"]), {})
    plan = whole(make(None, state()), findings=findings)
    assert from_json(to_json(plan)).findings == findings
    assert differences(plan, replace(plan, findings=())) == ("findings of policies: 2 -> 0",)
    policies = replace(plan, binding=replace(plan.binding, policies="other"))
    assert "other policies" in differences(plan, policies)[0]


def test_no_rules_have_no_digest_and_cost_nothing():
    assert rules_from([], here).digest == ""
    assert judge([PLAN], Rules(), {}) == ()
