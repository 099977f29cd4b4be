"""Nobody becomes administrator unasked, whether at once or bit by bit."""

from dataclasses import replace

NAMES = "given_name: THU MAI\n  family_name: PHAMI THI"
EVE = "given_name: Eve\n  family_name: Other"
OLD = "thu-mai.phami-thi@namassepasmousse.com"


def test_other_names_of_the_administrator_need_an_acknowledgement(guide):
    guide.write(NAMES, EVE)
    done = guide("apply", "--yes")
    assert done.code == 4
    assert "--ack admin_change=1" in done.out
    assert guide("apply", "--yes", "--ack", "admin_change=1").code == 0


def test_one_other_name_of_the_administrator_does_not(guide):
    guide.write("family_name: PHAMI THI", "family_name: PHAM")
    assert guide("apply", "--yes").code == 0


def test_another_address_of_the_administrator_needs_an_acknowledgement(guide, store):
    guide.write(OLD, "eve@other.example")
    assert guide("apply", "--yes").code == 4
    assert store.snapshots([guide.name])[guide.name].current.admin.person.email == OLD
    assert guide("apply", "--yes", "--ack", "admin_change=1").code == 0


def test_a_proposed_address_of_the_administrator_needs_an_acknowledgement_too(guide, store, activated):
    activated(store.snapshots([guide.name])[guide.name].current.admin.person)
    guide.write(OLD, "eve@other.example")
    assert guide("apply", "--yes").code == 4
    done = guide("apply", "--yes", "--ack", "admin_change=1")
    assert done.code == 0
    assert "propose administrator's e-mail" in done.out


SUCCESSOR = "eve@other.example"


def succeeded(guide):
    """The files name somebody else as administrator."""
    guide.write(NAMES, EVE)
    guide.write(OLD, SUCCESSOR)


def administrator(guide, store):
    state = store.snapshots([guide.name])[guide.name].current
    assert state.users["admin"].person == state.admin.person
    return state.admin.person.email


def test_the_old_administrator_stays_until_the_successor_has_accepted(guide, store, dumped, activated):
    succeeded(guide)
    assert guide("apply", "--yes").code == 4
    done = guide("apply", "--yes", "--ack", "admin_change=1")
    assert done.code == 0
    assert "+ invite successor" in done.out
    assert administrator(guide, store) == OLD
    assert store.snapshots([guide.name])[guide.name].facts["admin/successor"] == SUCCESSOR
    assert [row.codes for row in store.outbox() if row.recipient == SUCCESSOR] == [("N1",)]
    waiting = guide("plan")
    assert "? replace administrator" in waiting.out
    assert "Eve Other has to accept the invitation; THU MAI PHAMI THI stays" in " ".join(waiting.out.split())
    before = dumped()
    assert guide("apply", "--yes").code == 0
    assert dumped() == before
    activated(replace(store.snapshots([guide.name])[guide.name].current.admin.person, email=SUCCESSOR))
    assert guide("apply", "--yes").code == 4
    assert administrator(guide, store) == OLD
    assert guide("apply", "--yes", "--ack", "admin_change=1").code == 0
    assert administrator(guide, store) == SUCCESSOR
    assert "admin/successor" not in store.snapshots([guide.name])[guide.name].facts
    assert guide("plan", "--exit-code").code == 0
    assert store.check() == []


def test_a_successor_whom_the_files_take_back_is_no_longer_invited(guide, store, dumped):
    succeeded(guide)
    assert guide("apply", "--yes", "--ack", "admin_change=1").code == 0
    guide.write(EVE, NAMES)
    guide.write(SUCCESSOR, OLD)
    done = guide("apply", "--yes")
    assert done.code == 0
    assert "~ withdraw successor's invitation" in done.out
    assert administrator(guide, store) == OLD
    assert "admin/successor" not in store.snapshots([guide.name])[guide.name].facts
    assert SUCCESSOR not in store.accounts([SUCCESSOR])
    assert [row.state for row in store.outbox() if row.recipient == SUCCESSOR] == ["cancelled"]
    assert guide("plan", "--exit-code").code == 0
    assert store.check() == []


def test_another_successor_takes_the_place_of_the_first(guide, store):
    succeeded(guide)
    assert guide("apply", "--yes", "--ack", "admin_change=1").code == 0
    guide.write("given_name: Eve", "given_name: Zoé")
    guide.write(SUCCESSOR, "zoe@other.example")
    assert guide("apply", "--yes", "--ack", "admin_change=1").code == 0
    assert store.snapshots([guide.name])[guide.name].facts["admin/successor"] == "zoe@other.example"
    assert store.accounts([SUCCESSOR]) == {}
    assert "? replace administrator" in guide("plan").out


def test_the_own_seat_is_not_taken_away_before_the_successor_is_there(guide, store):
    succeeded(guide)
    guide.write("also_user: true", "also_user: false")
    guide.write("[admin, p.quiroule]", "[p.quiroule]")
    guide("apply", "--yes", "--ack", "admin_change=1")
    assert administrator(guide, store) == OLD
    assert store.snapshots([guide.name])[guide.name].current.users["admin"].status == "present"
