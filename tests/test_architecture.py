"""The code keeps its shape: imports go one way, and few modules touch the world."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.imports import Module, modules
from tests.support.shape import MAY_IMPORT, MAY_TOUCH, wrong_imports, wrong_touches

ROOT = Path(__file__).parents[1]
MODULES = modules(ROOT, "flexsync")
KNOWN = [module.name for module in MODULES]
LONGEST_FILE = 300


def by_name(module: Module) -> str:
    return module.name


@pytest.mark.parametrize("module", MODULES, ids=by_name)
def test_imports_go_one_way(module):
    assert list(wrong_imports(module, KNOWN, MAY_IMPORT)) == []


@pytest.mark.parametrize("module", MODULES, ids=by_name)
def test_only_listed_modules_touch_the_world(module):
    assert list(wrong_touches(module, MAY_TOUCH)) == []


def test_no_row_of_the_table_imports_a_later_row():
    rows = list(MAY_IMPORT)
    upwards = [
        (part, target)
        for part, targets in MAY_IMPORT.items()
        for target in targets
        if rows.index(target.split(".")[0]) >= rows.index(part)
    ]
    assert upwards == []


def test_no_row_of_the_table_is_about_a_part_that_is_gone():
    parts = {name.split(".")[1] for name in KNOWN if "." in name}
    assert set(MAY_IMPORT) - parts == set()


def test_no_file_is_longer_than_a_few_screens():
    files = [file for folder in ("flexsync", "tests", "benchmarks") for file in (ROOT / folder).rglob("*.py")]
    lengths = {str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {file: lines for file, lines in lengths.items() if lines > LONGEST_FILE} == {}


LOADED = """
import sys
before = set(sys.modules)
{code}
print("\\nLOADED", *{{name.partition(".")[0] for name in set(sys.modules) - before}})
"""
HELP = """
from flexsync.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
"""


def loaded_by(code: str) -> set[str]:
    """Names of the packages, outside the standard library, that a fresh interpreter loads for `code`."""
    command = [sys.executable, "-W", "error", "-c", LOADED.format(code=code)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.rpartition("LOADED")[2].split()) - sys.stdlib_module_names
    return {name for name in loaded if not name.startswith("_sysconfigdata")}  # zoneinfo asks for it


@pytest.mark.parametrize("module", ["flexsync.errors", "flexsync.text", "flexsync.clock"])
def test_the_ground_loads_nothing_but_the_standard_library(module):
    assert loaded_by(f"import {module}") <= {"flexsync"}


@pytest.mark.parametrize("code", ["import flexsync.cli", HELP], ids=["import", "help"])
def test_the_command_line_starts_with_click_alone(code):
    assert loaded_by(code) <= {"flexsync", "click"}


# The checkers themselves have to be able to say no.

BAD_IMPORTS = {
    "flexsync.plan.x": [
        "import flexsync.store.sql",
        "from flexsync.store import sql",
        "from flexsync import store",
        "from flexsync.desired.resolve import resolve",
        "from flexsync.desired import resolve",
        "def later():\n    from flexsync.store.sql import open_store",
        "from ..store import sql",
        "import importlib\nimportlib.import_module('flexsync.store.sql')",
    ],
    "flexsync.errors": ["from flexsync.state import State"],
    "flexsync.render.x": ["from flexsync.store.sql import open_store"],
    "flexsync.newcomer": ["import json"],
}
GOOD_IMPORTS = {
    "flexsync.plan.x": [
        "from flexsync.desired.model import Desired",
        "from flexsync import __version__",
        "import json, sqlalchemy",
        "from flexsync.plan.diff import diff",
        "from flexsync.storefront import x",
    ],
    "flexsync.workflow": ["from flexsync.store.sql import open_store"],
}
SOME = ["flexsync", "flexsync.store", "flexsync.store.sql", "flexsync.desired", "flexsync.desired.model"]
SOME += ["flexsync.desired.resolve", "flexsync.state", "flexsync.plan", "flexsync.plan.diff"]


@pytest.mark.parametrize(("name", "source"), [(name, text) for name, texts in BAD_IMPORTS.items() for text in texts])
def test_a_wrong_import_is_found(name, source):
    assert len(list(wrong_imports(Module(name, source), SOME, MAY_IMPORT))) == 1


@pytest.mark.parametrize(("name", "source"), [(name, text) for name, texts in GOOD_IMPORTS.items() for text in texts])
def test_a_right_import_is_left_alone(name, source):
    assert list(wrong_imports(Module(name, source), SOME, MAY_IMPORT)) == []


BAD_TOUCHES = [
    "from datetime import datetime\ndatetime.now()",
    "import datetime as d\nd.date.today()",
    "from datetime import date as day\nnow = day.today",
    "from time import time\ntime()",
    "import time\ntime.sleep(1)",
    "from sqlalchemy import func",
    "open('x')",
    "from pathlib import Path",
    "import os\nos.environ['HOME']",
    "from os import environ",
    "import subprocess",
    "import smtplib",
    "import random\nrandom.random()",
    "print('x')",
    "raise SystemExit(1)",
]
GOOD_TOUCHES = [
    "from pathlib import PurePosixPath",
    "import os\nos.fspath('x')",
    "def tell(clock):\n    return clock.now()",
    "from datetime import date\ndate.fromisoformat('2026-01-31')",
    "from io import StringIO",
    "class Door:\n    def open(self): ...\ndef use(door):\n    door.open()",
]


@pytest.mark.parametrize("source", BAD_TOUCHES)
def test_a_touch_of_the_world_is_found(source):
    assert list(wrong_touches(Module("flexsync.plan.x", source), MAY_TOUCH))


@pytest.mark.parametrize("source", GOOD_TOUCHES)
def test_what_touches_nothing_is_left_alone(source):
    assert list(wrong_touches(Module("flexsync.plan.x", source), MAY_TOUCH)) == []


def test_the_clock_alone_may_look_at_the_clock():
    source = "from datetime import datetime\ndatetime.now()"
    assert list(wrong_touches(Module("flexsync.clock", source), MAY_TOUCH)) == []
    assert list(wrong_touches(Module("flexsync.clockwork", source), MAY_TOUCH))
