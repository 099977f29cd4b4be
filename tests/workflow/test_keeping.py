"""The key that links, shared passwords and grants hang on: made whole, never short, never beside a server."""

import pytest

from flexsync.errors import Refused, StoreUnavailable
from flexsync.secrets import Secrets
from flexsync.workflow.keeping import keys, keys_made


def test_a_key_is_made_once_beside_a_file_for_its_owner_alone(tmp_path):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    made = keys_made("", Secrets(tmp_path, {}), url)
    assert keys_made("", Secrets(tmp_path, {}), url) == made
    assert [path.name for path in tmp_path.iterdir()] == ["store.key"]
    assert (tmp_path / "store.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_no_key_is_made_for_a_store_on_a_server(tmp_path, monkeypatch, scheme):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreUnavailable, match=r"portal: \{key_from"):
        keys_made("", Secrets(tmp_path, {}), f"{scheme}://claire@db/flex")
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_could_be_guessed_is_refused_without_being_shown(tmp_path):
    with pytest.raises(Refused, match="openssl rand -hex 32") as refused:
        keys("env:FLEX_KEY", Secrets(tmp_path, {"FLEX_KEY": "Tr0ub4dor"}), "postgresql://db/flex")
    assert "Tr0ub4dor" not in str(refused.value)
