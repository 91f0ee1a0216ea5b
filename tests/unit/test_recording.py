"""What a site answered is kept as data, masked, and answers the same requests again, and no others."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pytest

from provisioner.core.errors import ConfigurationError, StationNotReady
from provisioner.core.model import Finding, Verdict
from provisioner.examination import recording, recording_file
from provisioner.examination.asked import AskedSite, Request
from provisioner.examination.judging import Examined, Looked, RecordingUnlike, judge_again, recording_of, shown_of
from provisioner.examination.recording import CUT, NotAsked, Recorded, Recorder
from provisioner.examination.recording_file import RecordedStep, read_recordings, write_recordings
from provisioner.examination.second_look import Look
from provisioner.host.editions import company_of
from provisioner.proof.recordings import replace_steps
from provisioner.subject.check import Check, Site, finding
from provisioner.subject.functionalities import fact

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
TITLE = fact("wordpress.apparence.identite", "titre")


@dataclass
class Copy:
    """A copy that gives these answers, one after the other, whatever it is asked."""

    answers: list[Any]
    address: str = "http://127.0.0.1:8101"
    cms: str = "wordpress"
    taken_at: datetime = AT
    present: datetime = AT
    company: Path = field(default_factory=lambda: company_of("wordpress-2024"))

    def file(self, name: str) -> Path:
        return Path(name)

    def note(self, name: str, text: str) -> str:
        return name

    def ask(self, request: Request, name: str = "") -> Any:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def once(self, request: Request, ask: Callable[[], str]) -> str:
        return ask()


def kept(*answers: Any, asks: Callable[[AskedSite], object]) -> tuple[Recorder, Recorded]:
    """What asked a copy that gave these answers, and what answers as it did."""
    recorder = Recorder(Copy(list(answers)))
    asks(AskedSite(recorder))
    look, *_ = recorder.look()
    return recorder, Recorded(look, AT, Path(), ())


def test_a_request_gets_the_answer_that_the_site_gave_and_one_that_was_not_asked_none() -> None:
    def asks(site: AskedSite) -> list[Any]:
        page = site.visit("/une/")
        return [page.locator("h1").count(), page.title(), page.evaluate("x => x", {"a": 1})]

    _, site = kept(None, 2, "Titre", [1, None], asks=asks)
    assert asks(AskedSite(site)) == [2, "Titre", [1, None]]
    others: list[Callable[[Any], object]] = [
        lambda page: page.locator("h2").count(),
        lambda page: page.locator("h1").first.count(),
        lambda page: page.evaluate("x => x ", {"a": 1}),
        lambda page: page.evaluate("x => x", {"a": 2}),
        lambda page: page.url,
    ]
    for other in others:
        with pytest.raises(NotAsked):
            other(AskedSite(site).visit("/une/"))
    with pytest.raises(NotAsked, match="/autre/"):
        AskedSite(site).visit("/autre/")


def test_an_answer_is_of_that_opening_of_the_page_and_of_what_was_done_on_it_since() -> None:
    def asks(site: AskedSite) -> list[int]:
        wide = site.visit("/").locator("nav").count()
        site.page.set_viewport_size({"width": 390, "height": 844})
        narrow = site.page.locator("nav").count()
        return [wide, narrow, site.visit("/").locator("nav").count()]

    _, site = kept(None, 1, None, 2, None, 3, asks=asks)
    assert asks(AskedSite(site)) == [1, 2, 3]
    never = AskedSite(site)
    never.visit("/")
    with pytest.raises(NotAsked):  # the second time, the window was narrow
        never.visit("/")


def test_the_same_request_gets_the_next_answer_and_past_the_last_the_same_where_all_were_equal() -> None:
    def counts(times: int) -> Callable[[AskedSite], list[int]]:
        return lambda site: [site.page.locator("p").count() for _ in range(times)]

    _, changing = kept(1, 2, asks=counts(2))
    assert counts(2)(AskedSite(changing)) == [1, 2]
    with pytest.raises(NotAsked):
        AskedSite(changing).page.locator("p").count()
    _, same = kept(1, 1, asks=counts(2))
    assert counts(5)(AskedSite(same)) == [1] * 5


def test_of_several_answers_each_is_kept_alone_and_what_acts_changes_what_is_asked_after_it() -> None:
    def asks(site: AskedSite, *items: str, acts: bool = False) -> list[Any]:
        site.answers(site.page, ["/panier"], "post", {"add": 1}, shown="/a.gif", acts=acts)
        return site.answers(site.page, items, "read", None, shown="/a.gif")

    _, site = kept([0], ["a", "b"], asks=lambda site: asks(site, "/1", "/2", acts=True))
    assert asks(AskedSite(site), "/2", "/1", "/2", acts=True) == ["b", "a", "b"]
    with pytest.raises(NotAsked):
        asks(AskedSite(site), "/1")


def test_what_differs_each_time_is_masked_in_requests_and_answers() -> None:
    html = '<a href="http://127.0.0.1:8101/wp-admin/?_wpnonce=0a1b2c3d4e">x</a><input id="_wpnonce" value="ffffffffff">'

    def asks(site: AskedSite) -> list[Any]:
        nonce = site.once("nonce", lambda: "0123456789")
        page = site.page
        page.goto(f"{site.address}/wp-admin/?_wpnonce=0a1b2c3d4e")
        return [page.evaluate("f", [nonce, "http%3A%2F%2F127.0.0.1%3A8101"]), page.url]

    recorder, site = kept(200, html, "http://127.0.0.1:8101/?n=0123456789", asks=asks)
    look, mask, _ = recorder.look()
    text = str(look)
    assert not any(secret in text for secret in ("8101", "0a1b2c3d4e", "ffffffffff", "0123456789"))
    assert mask("ffffffffff à http://127.0.0.1:8101/") == "jeton à http://poste.example/"
    again = AskedSite(site)
    again.once("nonce", lambda: "autre")
    again.page.goto(f"{again.address}/wp-admin/?_wpnonce=jeton")
    assert again.page.evaluate("f", ["jeton", "http%3A%2F%2Fposte.example"]).count("jeton") == 2


def test_of_two_keys_with_the_same_beginning_the_longer_is_masked() -> None:
    mask = recording.masks("wordpress", "http://127.0.0.1:8101", [], ["a", "ab.", "abc", "abcd", "xyz", ""])
    assert mask("abcd abcx ab. abx xyz xy") == "jeton jetonx jeton jetonbx jeton xy"


def test_a_fault_leaves_no_recording_and_an_answer_that_is_too_long_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recorder = Recorder(Copy([StationNotReady("non")]))
    with pytest.raises(StationNotReady):
        AskedSite(recorder).visit("/")
    assert recorder.lost
    with monkeypatch.context() as small:
        small.setattr(recording, "ROOM", 300)
        recorder, _ = kept(*["x" * 200] * 3, asks=lambda site: [site.page.title() for _ in range(3)])
        assert (recorder.lost, recorder.look()[0].asked) == (True, ()), "together, they are too long"
    monkeypatch.setattr(recording, "LONGEST", 100)
    recorder, site = kept("x" * 200, asks=lambda site: site.page.title())
    assert not recorder.lost
    assert [answer for _, answer in recorder.look()[0].asked] == [CUT]
    with pytest.raises(NotAsked, match="trop longue"):
        AskedSite(site).page.title()


class Titled(Check):
    """Le titre du site."""

    id = "wordpress.test.titled"
    proves: ClassVar[tuple[str, ...]] = (TITLE,)
    title: str
    #: Something that a verdict may not rest on, since no recording has it.
    elsewhere: ClassVar[list[str]] = []

    def verify(self, site: Site) -> list[Finding]:
        seen = site.visit("/").title()
        met = seen == self.title and not self.elsewhere
        shot = site.shot("l’accueil")
        return [finding(TITLE, met, f"« {self.title} »", f"« {seen} » à {site.address}", shot)]


def examined(check: Check, title: str, lost: bool = False) -> Examined:
    recorder = Recorder(Copy([None, title, "preuves/07-l-accueil.jpg"]))
    found = check.verify(AskedSite(recorder))
    return Examined(AT, [found], looked=[Looked(Look(found, kept=None if lost else recorder))])


def test_a_recording_is_judged_again_by_the_code_of_today(monkeypatch: pytest.MonkeyPatch) -> None:
    check = Titled(title="Durand")
    made = recording_of(check, "wordpress-2024", examined(check, "Durand"), 0, ())
    assert made is not None
    assert made.found == ((TITLE, Verdict.MET, "« Durand »", "« Durand » à http://poste.example"),)
    assert made.shown == shown_of(judge_again(check, made, ()))
    assert [text.startswith("l’accueil ") for (text,) in made.shown] == [True]
    assert judge_again(Titled(title="Dupont"), made, ())[0].verdict is Verdict.NOT_MET
    monkeypatch.setattr(Titled, "verify", lambda self, site: [])
    assert judge_again(check, made, ())[0].verdict is Verdict.BROKEN
    monkeypatch.setattr(Titled, "verify", lambda self, site: site.page.locator("h1").count())
    with pytest.raises(NotAsked, match="h1"):
        judge_again(check, made, ())


def test_a_recording_that_does_not_give_its_own_verdicts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    check = Titled(title="Durand")
    seen = examined(check, "Durand")
    assert recording_of(check, "wordpress-2024", examined(check, "Durand", lost=True), 0, ()) is None
    with pytest.raises(ValueError, match="surrogates"):
        recording_of(check, "wordpress-2024", examined(check, "\ud800"), 0, ())
    monkeypatch.setattr(Titled, "elsewhere", ["changed since"])
    with pytest.raises(RecordingUnlike, match="devient"):
        recording_of(check, "wordpress-2024", seen, 0, ())
    monkeypatch.setattr(Titled, "verify", lambda self, site: site.page.locator("h1").count())
    with pytest.raises(RecordingUnlike, match="demande autre chose"):
        recording_of(check, "wordpress-2024", seen, 0, ())


def steps_of(*titles: str) -> list[RecordedStep]:
    steps = []
    for title in titles:
        check = Titled(title=title)
        made = recording_of(check, "wordpress-2024", examined(check, title), 0, ())
        assert made
        steps.append(RecordedStep(step=f"{title:0<10}", name=title, recording=made))
    return steps


def test_a_file_gives_back_what_was_written_and_its_lines_do_not_depend_on_the_order(tmp_path: Path) -> None:
    one, other = steps_of("Durand", "Dupont }, { <b><i>\n à l’été\u2028\x85puis")
    for name, steps in (("a", [one, other]), ("b", [other, one])):
        write_recordings(tmp_path / name, steps)
    assert (tmp_path / "a").read_text("utf-8") == (tmp_path / "b").read_text("utf-8")
    assert {step.name: step for step in read_recordings(tmp_path / "a")} == {step.name: step for step in (one, other)}
    text = (tmp_path / "a").read_text("utf-8")
    (tmp_path / "a").write_text(text.partition("\n")[2], encoding="utf-8")  # its first piece of text
    with pytest.raises(ConfigurationError, match="abîmé"):
        read_recordings(tmp_path / "a")
    assert read_recordings(tmp_path / "nowhere") == []


def test_a_file_keeps_the_time_zone_whose_hour_changes_with_the_season(tmp_path: Path) -> None:
    (step,) = steps_of("Durand")
    winter = datetime(2026, 12, 7, 9, tzinfo=ZoneInfo("Europe/Paris"))
    write_recordings(tmp_path / "a", [step.model_copy(update={"recording": at_moment(step, winter)})])
    assert "2026-12-07T09:00:00+01:00[Europe/Paris]" in (tmp_path / "a").read_text("utf-8")
    (read,) = read_recordings(tmp_path / "a")
    assert read.recording.taken_at == read.recording.whole.present == winter
    for moment in (read.recording.taken_at, read.recording.whole.present):
        assert datetime(2031, 7, 1, 6, tzinfo=UTC).astimezone(moment.tzinfo).hour == 8
    text = (tmp_path / "a").read_text("utf-8")
    (tmp_path / "a").write_text(text.replace("Europe/Paris", "Europe/Ailleurs"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="abîmé"):
        read_recordings(tmp_path / "a")


def at_moment(step: RecordedStep, moment: datetime) -> recording.Recording:
    whole = step.recording.whole.model_copy(update={"present": moment})
    return step.recording.model_copy(update={"taken_at": moment, "whole": whole})


def test_two_pieces_with_the_same_short_digest_are_both_kept(tmp_path: Path) -> None:
    pieces = ("non 333856\n", "oui 1260279\n")  # each is a piece of the answer, after a line that ends before it
    assert len({sha256(piece.replace("\n", "\\n").encode()).hexdigest()[:10] for piece in pieces}) == 1
    (one,) = steps_of("\n".join(["", *pieces]))
    write_recordings(tmp_path / "a", [one])
    assert read_recordings(tmp_path / "a") == [one]


def test_a_file_whose_texts_are_too_long_together_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_recordings(tmp_path / "a", steps_of("Durand"))
    monkeypatch.setattr(recording_file, "_LONGEST_TEXT", 20)
    with pytest.raises(ConfigurationError, match="too long together"):
        read_recordings(tmp_path / "a")


def test_a_step_that_is_proven_again_replaces_its_recording_and_one_that_failed_loses_it(tmp_path: Path) -> None:
    one, other = steps_of("Durand", "Dupont")
    path = tmp_path / "wordpress.test.titled.jsonl"
    replace_steps({one.step: [one]}, {one.step}, tmp_path)
    replace_steps({other.step: [other]}, {one.step, other.step}, tmp_path)
    assert {step.name for step in read_recordings(path)} == {"Durand", "Dupont"}
    replace_steps({one.step: []}, {other.step}, tmp_path)
    assert read_recordings(path) == [other]
    replace_steps({other.step: []}, (), tmp_path)
    assert not path.exists()


def test_what_a_check_does_with_an_answer_changes_neither_the_recording_nor_the_next_answer() -> None:
    def asks(site: AskedSite) -> list[Any]:
        given: list[Any] = site.page.evaluate("f")
        given.append("more")
        return given

    _, site = kept(["one"], asks=asks)
    recorder, _ = kept([AT, float("nan")], asks=lambda site: site.page.evaluate("f", {"day": AT}))
    assert not recorder.lost, "what JSON has no word for stops no examination"
    assert [asks(AskedSite(site)) for _ in range(2)] == [["one", "more"]] * 2


def test_what_the_dictionary_said_is_kept_as_an_answer_is_and_asked_of_no_machine_again() -> None:
    _, site = kept(["atelié"], None, asks=lambda site: [site.misspelled("l'atelié"), site.misspelled("autre")])
    asked = AskedSite(site)
    assert (asked.misspelled("l'atelié"), asked.misspelled("autre")) == (["atelié"], None)
    with pytest.raises(NotAsked, match="encore"):
        asked.misspelled("encore")
