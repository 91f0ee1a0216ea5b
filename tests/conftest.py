"""Marks tests by the fixtures that they use, and says what a missing engine or browser means.

`docker`: uses the fixture `engine`, itself or through another. `browser`: one named `browser`, or
ending so. What neither marks is a unit test. Without an engine or a browser these tests skip, unless
E5B_REQUIRE (a list such as `docker,browser,wordpress-2024`: marks, or values of parameters) names
what they were to prove: a skip is then a failure.
"""

import os
from collections.abc import Generator
from functools import cache

import pytest

from provisioner.browser import candidate_browser
from provisioner.errors import BrowserUnavailable
from provisioner.needs import look_at_engine

REQUIRED = set(filter(None, os.environ.get("E5B_REQUIRE", "").replace(" ", "").split(",")))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "docker: needs a container engine")
    config.addinivalue_line("markers", "browser: needs a Chromium")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "engine" in fixtures:
            item.add_marker("docker")
        if any(name.endswith("browser") for name in fixtures):
            item.add_marker("browser")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark, missing in (("docker", _engine_missing), ("browser", _browser_missing)):
        if item.get_closest_marker(mark) and (reason := missing()):
            pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    wanted = {mark.name for mark in item.iter_markers()}
    if callspec := getattr(item, "callspec", None):
        wanted |= {str(value) for value in callspec.params.values()}
    if report.skipped and not hasattr(report, "wasxfail") and wanted & REQUIRED:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"E5B_REQUIRE asks for {', '.join(sorted(wanted & REQUIRED))}. {reason}"
    return report


@cache
def _engine_missing() -> str:
    seen = look_at_engine()
    return "" if seen.ok else f"no container engine: {seen.text}"


@cache
def _browser_missing() -> str:
    try:
        with candidate_browser():
            return ""
    except BrowserUnavailable as error:
        return f"no browser: {error}"
