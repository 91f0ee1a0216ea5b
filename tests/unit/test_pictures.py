"""The guides of the day of the exam show the screens as they are, in their own words, and lead to their chapters."""

import json
import re

import pytest

from provisioner.console.pages import STATIC
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


#: What the guides quote that no page says as such: what a page puts together, what others' commands and people say.
_NO_WORDS_OF_A_PAGE = {
    "connexion perdue depuis 12 s", "vue de 8 h 00", "+13", "ne plus commencer d’autre poste", "parti par erreur",
    "docker system prune", "docker container prune", "docker builder prune",
}  # fmt: skip
_ANNEX = "\n## Annexe : "


@pytest.mark.parametrize(("guide", "most"), [("technicien", 4600), ("examinateur", 1000)])
def test_a_guide_begins_with_the_screen_in_few_words_and_in_those_of_its_pages(guide: str, most: int) -> None:
    screen, annex, _ = (ROOT / f"docs/{guide}.md").read_text(encoding="utf-8").partition(_ANNEX)
    assert annex
    assert len(screen.split()) <= most
    said = _words_of_the_program()
    quoted = {_plain(words).strip("… ") for words in re.findall(r"« ([^»]+) »", screen)}
    assert {words for words in quoted - _NO_WORDS_OF_A_PAGE if words not in said} == set()


def _words_of_the_program() -> str:
    """All that its pages and sentences may say, with what stands between the tags and what spans them."""
    files = [*ROOT.glob("provisioner/templates/**/*.j2"), *ROOT.glob("provisioner/**/*.py")]
    files += [path for path in (*ROOT.glob("stacks/gateway/*"), STATIC / "console.js") if path.is_file()]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    without = re.sub(r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}", " ", source)
    return _plain(without + re.sub(r"</?\w+>", "", source))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("'", "’")).lower()
