"""Books that are online are not lost to changes that look harmless one by one."""

SECOND = "      QUIROULE: {label: Atelier Quiroule}   # to be retrieved before going back to local\n"
BOTH = SECOND + "      SCI: {label: SCI Quiroule}\n"


def test_a_dossier_that_is_online_cannot_be_forgotten_first_and_lost_later(guide):
    guide.write(SECOND, BOTH)
    assert guide("apply", "--yes").code == 0
    guide.write(BOTH, SECOND)
    done = guide("plan", "--exit-code")
    assert done.code == 4
    assert "forget dossier" in done.out
    assert "dossier SCI is hosted since 15/02/2013" in " ".join(done.out.split())
    guide("apply", "--yes")
    guide.write("QUIROULE: {label: Atelier Quiroule}", "QUIROULE: {label: Atelier Quiroule, retrieved_on: 2013-02-16}")
    guide.write("data_mode: hosted", "data_mode: local")
    late = guide("apply", "--yes", "--ack", "data_mode=1", as_of="2013-02-17")
    assert late.code == 4
    assert "SCI" in late.out


def test_a_dossier_that_was_retrieved_since_is_forgotten_when_the_files_drop_it(guide):
    guide.write(SECOND, BOTH)
    assert guide("apply", "--yes").code == 0
    guide.write("label: SCI Quiroule", "label: SCI Quiroule, retrieved_on: 2013-02-16")
    assert guide("apply", "--yes", as_of="2013-02-17").code == 0
    guide.write(BOTH.replace("SCI Quiroule", "SCI Quiroule, retrieved_on: 2013-02-16"), SECOND)
    done = guide("apply", "--yes", as_of="2013-02-17")
    assert done.code == 0
    assert "- forget dossier" in done.out
