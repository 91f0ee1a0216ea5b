"""The one way in which texts and pages are made of templates."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError

from provisioner.host.templates import environment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.j2").write_text("{% if x %}\n<{{ x }}>\n{% endif %}\n")
    return tmp_path


def test_a_page_escapes_and_a_text_does_not_and_keeps_its_last_line_whole(folder: Path) -> None:
    assert environment(folder, html=True).get_template("a.j2").render(x="&") == "<&amp;>\n"
    assert environment(folder, html=False).get_template("a.j2").render(x="&") == "<&>\n"


def test_a_value_that_nobody_gave_is_an_error(folder: Path) -> None:
    with pytest.raises(UndefinedError):
        environment(folder, html=False).get_template("a.j2").render()
