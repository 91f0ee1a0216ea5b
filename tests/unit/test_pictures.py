"""The guides of the day of the exam show the screens as they are, and lead to their chapters."""

import json
import re

import pytest

from provisioner.host.paths import ROOT
from tests.pictures import FOLDER, SOURCES, digest, screens


def test_every_picture_was_drawn_from_the_screen_as_it_is() -> None:
    kept = json.loads(SOURCES.read_text(encoding="utf-8"))
    changed = [name for name, source in screens().items() if kept.get(name) != digest(source)]
    assert changed == [], "run: python -m tests.pictures"


@pytest.mark.parametrize("guide", ["technicien", "examinateur"])
def test_a_guide_shows_pictures_that_are_there(guide: str) -> None:
    shown = re.findall(r"!\[[^]]+\]\(images/([^)]+)\)", (ROOT / f"docs/{guide}.md").read_text(encoding="utf-8"))
    assert len(shown) >= 2
    assert [name for name in shown if not (FOLDER / name).is_file()] == []


def test_the_technicians_guide_begins_with_what_is_looked_for_in_a_hurry_and_each_link_leads_somewhere() -> None:
    text = (ROOT / "docs/technicien.md").read_text(encoding="utf-8")
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}  # as GitHub makes them
    links = re.findall(r"\]\(#([^)]+)\)", text)
    assert set(links) <= anchors
    contents = text.partition("\n## ")[0]
    assert re.findall(r"^- \[\*\*(.+?)\*\*", contents, re.M) == ["Le jour de l’épreuve", "Pannes"]
