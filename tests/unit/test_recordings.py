"""Every recording that comes with the program is judged again: the verdicts and sentences are those that it was made with."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest

import checks
from provisioner.examination.judging import judge_again, shown_of, statements_of
from provisioner.examination.recording import NotAsked, Recording, digest
from provisioner.examination.recording_file import digest_of, read_recordings
from provisioner.host.editions import company_of
from provisioner.proof.recordings import RECORDINGS, steps_by_identity
from provisioner.subject.check import Check, registered
from provisioner.subject.ledger_file import ledger_path, read_ledger
from provisioner.subject.subjects import proving_checks

FILES = sorted(RECORDINGS.glob("*/*.jsonl"))
of_each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
#: The values of a check that name what it looks at, which its requests may carry.
NAMES = {
    "prestashop.contenu.predefined_message": {"name"},
    "prestashop.module.switched": {"module"},
    "prestashop.navigation.search_alias": {"aliases", "search"},
    "wordpress.contenu.sticky": {"post"},
    "wordpress.menu.off_canvas": {"menu"},
    "wordpress.navigation.visitor_side": {"paths"},
    "wordpress.referencement.headings": {"content"},
}


@cache
def kinds() -> dict[str, type[Check]]:
    proving_checks()
    return {kind.id: kind for kind in registered()}


def check_of(recording: Recording) -> Check:
    context = {"company": company_of(recording.edition)}
    return kinds()[recording.check].model_validate(recording.values, context=context)


@of_each_file
def test_what_was_recorded_gives_the_same_verdicts(path: Path) -> None:
    steps = read_recordings(path)
    assert steps
    left = []
    for step in steps:
        recording = step.recording
        try:
            found = judge_again(check_of(recording), recording, (company_of(recording.edition) / "media",))
        except NotAsked as asked:
            left.append(f"{step.name}: to be looked at again, {asked}")
            continue
        said, shown = statements_of(found), shown_of(found)
        if said != recording.found:
            left.append(f"{step.name}: {recording.found} became {said}; answered: {recording.whole.asked}")
        elif shown != recording.shown:
            left.append(f"{step.name}: it showed {recording.shown}, and shows {shown}")
    assert left == [], f"`e5b prove --stack {path.parent.name}` proves it again where the change is wanted"


@of_each_file
def test_each_recording_is_of_a_step_that_the_ledger_has_with_its_verdicts(path: Path) -> None:
    lines = read_ledger(ledger_path(path.parent.name)).steps
    every = steps_by_identity(path.parent)
    for step in read_recordings(path):
        line, recording = lines[step.step], step.recording
        assert (recording.edition, recording.check) == (path.parent.name, path.stem)
        assert {fact: verdict for fact, verdict, _, _ in recording.found} in line.found
        assert line.recorded == digest_of(one.recording for one in every[step.step]), "only prove writes recordings"


@of_each_file
def test_a_check_that_changes_the_site_has_a_copy_of_its_own(path: Path) -> None:
    """Else the checks beside it would look at a site that it changed."""
    asked = [json.loads(request) for step in read_recordings(path) for request, _ in step.recording.whole.asked]
    assert kinds()[path.stem].acts or not any(request.get("acts") for request in asked)


@pytest.mark.parametrize("edition", sorted({path.parent.name for path in FILES}))
def test_each_line_that_says_so_is_recorded(edition: str) -> None:
    lines = read_ledger(ledger_path(edition)).steps.values()
    assert {line.step for line in lines if line.recorded} <= set(steps_by_identity(RECORDINGS / edition))


@of_each_file
def test_no_request_carries_a_wanted_value_but_what_names_the_thing_that_is_looked_at(path: Path) -> None:
    """Else a check may have the site's own browser judge: what it answers is then a verdict, and nothing of it is replayed.

    A text that the site answered before may stand in a later request: that of a work that isn't online is read so.
    """
    for step in read_recordings(path):
        recording = step.recording
        names = NAMES.get(recording.check, set())
        wanted = {text for name, value in recording.values.items() if name not in names for text in texts_of(value)}
        answered = ""
        for request, answer in recording.whole.asked:
            asked = json.loads(request)
            before, answered = answered, answered + in_clear(answer)
            if asked["verb"] in ("shot", "misspelled"):  # neither a picture nor a dictionary judges
                continue
            said_in = unquote_plus(json.dumps(asked, ensure_ascii=False))
            assert [text for text in wanted if text in said_in and text not in before] == [], step.name
            assert set(digests_of(asked.get("about"))) <= constants(), (
                f"{step.name}: a script is made of values: {request}"
            )


def in_clear(answer: Any) -> str:
    """An answer as text, in which what JSON wrote by numbers are letters again."""
    return re.sub(r"\\+u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), json.dumps(answer, ensure_ascii=False))


def texts_of(value: Any) -> Iterator[str]:
    """The texts of a value that are long enough to be found again."""
    if isinstance(value, str) and len(value) > 3:
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_of(one)


def digests_of(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("#") and len(value) == 13:
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from digests_of(one)


@cache
def constants() -> set[str]:
    """The digests of all texts that modules of checks hold as constants: scripts are among them."""
    modules = [importlib.import_module(one.name) for one in pkgutil.walk_packages(checks.__path__, "checks.")]
    return {f"#{digest(str(text))}" for module in modules for text in vars(module).values() if isinstance(text, str)}
