"""A new e-mail in the files moves nobody's login by itself, from the file to the store."""

import shutil

from flexsync.state import Person
from tests.support.commands import EXAMPLES


def test_the_login_of_somebody_active_is_proposed_and_not_moved(
    flexsync, store_url, store, activated, tmp_path, monkeypatch
):
    monkeypatch.setenv("FLEX_QUIROULE_EFILING", "correct horse")
    monkeypatch.setenv("FLEXSYNC_STORE", store_url)
    folder = shutil.copytree(EXAMPLES / "guide", tmp_path / "guide")
    on = ("-C", folder, "--as-of", "2013-02-15")
    assert flexsync("apply", "--yes", *on).code == 0
    file = next(folder.glob("*.yaml"))
    text = file.read_text(encoding="utf-8")
    old = text.split("users:")[1].split("email: ")[1].split()[0].strip(",}\"'")
    activated(Person("madame", "", "", old))
    file.write_text(text.replace(old, "moved@quiroule.example"), encoding="utf-8")
    assert "~ propose e-mail" in flexsync("plan", *on).out
