"""Where CI or FLEXSYNC_NO_SKIP is set, a skipped test or module counts as a failed one.

A skip is a kindness to a laptop that lacks something; on the machine that decides, it would hide that
nothing was tested. Expected failures are not skips.
"""

import os
from collections.abc import Generator

import pytest

SWITCHES = ("CI", "FLEXSYNC_NO_SKIP")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the report of a skipped test into a failure."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the report of a skipped module into a failure."""
    report = yield
    _fail_if_skipped(report)
    return report


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.outcome != "skipped" or hasattr(report, "wasxfail") or not any(map(os.environ.get, SWITCHES)):
        return
    report.outcome = "failed"
    report.longrepr = f"{_reason(report)}\nSkips are errors here, because {' or '.join(SWITCHES)} is set."


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    match report.longrepr:
        case (file, line, reason):
            return f"{file}:{line}: {reason}"
        case other:
            return str(other)
