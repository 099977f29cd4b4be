"""A skipped test fails the session where CI or FLEXSYNC_NO_SKIP is set."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = {
    "test_passes.py": "def test_passes(): pass\n",
    "test_skips.py": "import pytest\ndef test_skips(): pytest.skip('no database here')\n",
    "test_module.py": "import pytest\npytest.importorskip('no_such_module')\n",
    "test_known.py": "import pytest\n@pytest.mark.xfail\ndef test_known(): assert 0\n",
}


def child(folder: Path, *arguments: str, **variables: str) -> tuple[int, str]:
    """Exit code and output of a pytest of its own over FILES."""
    for name, body in FILES.items():
        (folder / name).write_text(body)
    # The child is no part of this session, though pytest-xdist would tell it so.
    kept = {name: value for name, value in os.environ.items() if name != "CI" and "PYTEST" not in name}
    kept.pop("FLEXSYNC_NO_SKIP", None)
    plugins = ["-p", "no:cacheprovider", "-p", "tests.support.no_skips"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, *arguments, "--rootdir", str(folder), str(folder)],
        env=kept | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | variables,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_a_skip_passes_on_a_laptop(tmp_path):
    code, output = child(tmp_path)
    assert code == 0
    assert "1 passed, 2 skipped, 1 xfailed" in output


@pytest.mark.parametrize("switch", ["CI", "FLEXSYNC_NO_SKIP"])
def test_skips_of_a_test_and_of_a_module_fail_where_they_are_forbidden(tmp_path, switch):
    code, output = child(tmp_path, "--continue-on-collection-errors", **{switch: "true"})
    assert code != 0
    assert "1 failed, 1 passed, 1 xfailed, 1 error" in output
    assert "no database here" in output
    assert "no_such_module" in output
    assert "Skips are errors here" in output


def test_a_skip_in_a_worker_process_fails_too(tmp_path):
    code, output = child(tmp_path, "-p", "xdist", "-n", "1", "--deselect", "test_module.py", CI="true")
    assert code != 0
    assert "no database here" in output
