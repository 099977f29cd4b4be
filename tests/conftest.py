"""What all tests share."""

from hypothesis import HealthCheck, settings

from tests.support.applying import activated, tripped, vat, waiting
from tests.support.browser import chromium, served
from tests.support.commands import dumped, flexsync
from tests.support.golden import golden, pytest_addoption
from tests.support.guide import guide
from tests.support.no_skips import pytest_make_collect_report, pytest_runtest_makereport
from tests.support.stores import (
    clock,
    postgresql_again,
    postgresql_databases,
    postgresql_maker,
    postgresql_server,
    postgresql_url,
    sqlite_again,
    sqlite_maker,
    sqlite_template,
    sqlite_url,
    store,
    store_url,
)
from tests.support.web import sqlite_web, sqlite_web_template, web

# How fast the machine is, is no fact about the code.
settings.register_profile("flexsync", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("flexsync")

__all__ = [
    "golden",
    "pytest_addoption",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "activated",
    "clock",
    "postgresql_again",
    "postgresql_maker",
    "postgresql_server",
    "postgresql_databases",
    "postgresql_url",
    "sqlite_again",
    "sqlite_maker",
    "sqlite_template",
    "sqlite_url",
    "chromium",
    "dumped",
    "flexsync",
    "guide",
    "store",
    "store_url",
    "served",
    "sqlite_web",
    "sqlite_web_template",
    "web",
    "tripped",
    "vat",
    "waiting",
]
