"""Policies of a change are those of its base: what is under review judges nothing."""

from tests.support.repositories import FILES, FLEET

DENY = """
policies:
  - {name: no-hires, when: kind == "user.create", effect: deny, message: Nobody is hired this week.}
"""
HIRED = FILES["clients/delta.yaml"].replace("profiles", "seats: 3\nprofiles") + (
    "users: {z.new: {civility: madame, given_name: Zoé, family_name: New, email: zoe@delta.example}}\n"
)


def test_a_change_is_judged_by_the_policies_of_its_base(plan, firm):
    firm.commit({"fleet.yaml": FLEET + DENY})
    firm.git("tag", "-f", "base")
    firm.commit({"fleet.yaml": FLEET, "clients/delta.yaml": HIRED})
    done = plan("--ack", "contract=1")
    assert done.code == 8
    assert "! denied  delta-dairy user/z.new: Nobody is hired this week." in done.out
    assert "policies: this change alters it" in done.out


def test_the_policies_that_a_change_brings_judge_nothing_yet(plan, firm):
    firm.commit({"fleet.yaml": FLEET + DENY, "clients/delta.yaml": HIRED})
    done = plan("--ack", "contract=1")
    assert done.code == 0
    assert "denied" not in done.out
