"""Nobody becomes administrator unasked, whether at once or bit by bit."""

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
