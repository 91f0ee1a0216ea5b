"""What a candidate's own programs do to an examination of a real station: they are found, said, and never make work met."""

import json
from pathlib import Path

import pytest

from provisioner.core.model import Station, Verdict
from provisioner.examination import run_checks
from provisioner.examination.browser import Examiner
from provisioner.examination.evidence import Evidence
from provisioner.examination.judging import Examined
from provisioner.examination.run_checks import findings
from provisioner.station.centre import Centre
from provisioner.subject.check import Check, Finding, Site, finding
from provisioner.subject.functionalities import fact

TITLE = fact("wordpress.apparence.identite", "titre")
ARTICLE = "crackers-au-sarrasin"
ADDS = "document.querySelector('.entry-content').insertAdjacentHTML('beforeend', '<p>Mot biscornu</p>')"
#: The same without a tag: WordPress breaks an attribute that has some.
APPENDS = "document.querySelector('.entry-content').append('Mot biscornu')"
#: By these marks a page found out that a program looked, and showed it what the candidate had not done.
ASKS = f"if (navigator.webdriver || /headless/i.test(navigator.userAgent) || !navigator.plugins.length) {{ {ADDS} }}"
WORD, WITHOUT_END = "<p>Mot biscornu</p>", "<script>while (true) {}</script>"
PLUGIN = "<?php add_filter('the_content', fn ($text) => $text . '<p>Mot biscornu</p>');"


class Reads(Check):
    """Lit un mot dans un article de l'entreprise, et nulle part ailleurs."""

    proves = (TITLE,)

    def verify(self, site: Site) -> list[Finding]:
        page = site.visit(f"/{ARTICLE}/")
        seen = "Mot biscornu" in page.locator("body").inner_text()
        return [finding(TITLE, seen, "le mot", "le mot est là" if seen else "le mot n'est pas là")]


def examined(centre: Centre, station: Station, folder: Path, added: str = "", plugin: str = "") -> Examined:
    """The examination of a station, after a candidate stored this in an article and planted that file."""
    if added:
        statement = (
            f"update wp_posts set post_content = concat(post_content, {json.dumps(added, ensure_ascii=False)}) "
            f"where post_type = 'post' and post_name = '{ARTICLE}'; select row_count()"
        )
        written = centre.engine.run(station.container, ["mariadb", "-N", "site", "-e", statement])
        assert (written.status, written.stdout.split()[-1:]) == (0, [b"1"]), written
    if plugin:
        place = "/var/www/html/wp-content/mu-plugins"
        plants = f"mkdir -p {place} && cat >{place}/a.php"
        planted = centre.engine.run(station.container, ["sh", "-c", plants], stdin=plugin.encode(), user="www-data")
        assert planted.status == 0, planted.stderr
    with Examiner(centre.room.examiner_port, station.place) as examiner:
        return findings(centre, station, [Reads()], examiner, Evidence(folder / "e"))


def one(seen: Examined) -> Finding:
    ((found,),) = seen.findings
    return found


def test_work_is_met_and_nothing_is_said_where_nothing_was_added(
    centre: Centre, trial_station: Station, tmp_path: Path, browser: None
) -> None:
    seen = examined(centre, trial_station, tmp_path, WORD)
    assert (one(seen).verdict, bool(seen.additions)) == (Verdict.MET, False)


@pytest.mark.parametrize(
    ("script", "verdict"),
    [
        (f"<script>{ASKS}</script>", Verdict.NOT_MET),
        (f"<script>{ADDS}</script>", Verdict.TO_JUDGE),
        (f'<img src="x:" onerror="{APPENDS}">', Verdict.TO_JUDGE),
        (f"{WORD}<script>console.log('un bouton de partage')</script>", Verdict.MET),
    ],
)
def test_what_a_script_in_a_content_shows_is_never_met(
    centre: Centre, trial_station: Station, tmp_path: Path, browser: None, script: str, verdict: Verdict
) -> None:
    seen = examined(centre, trial_station, tmp_path, script)
    assert one(seen).verdict is verdict, one(seen)
    assert [program.name for program in seen.additions.stored] == ["Crackers au sarrasin : la nouvelle gamme salée"]
    if verdict is Verdict.TO_JUDGE:
        assert "Sans lui : le mot n'est pas là" in one(seen).observed


def test_what_is_met_on_a_site_with_a_planted_file_is_for_a_person(
    centre: Centre, trial_station: Station, tmp_path: Path, browser: None
) -> None:
    seen = examined(centre, trial_station, tmp_path, plugin=PLUGIN)
    assert seen.additions.files == ("wp-content/mu-plugins/a.php",)
    assert one(seen).verdict is Verdict.TO_JUDGE
    assert "wp-content/mu-plugins/a.php" in one(seen).observed


def test_a_view_that_answers_the_site_otherwise_than_root_is_for_a_person(
    centre: Centre, trial_station: Station, tmp_path: Path, browser: None
) -> None:
    def as_the_site(statement: str) -> str:
        command = ["mariadb", "--skip-column-names", "site", "-e", statement]
        done = centre.engine.run(trial_station.container, command, user="www-data")
        assert done.status == 0, done.stderr
        return done.stdout.decode()

    lie = f"if(user() like 'www-data@%', concat(post_content, '{WORD}'), post_content) as post_content"
    names = as_the_site("select column_name from information_schema.columns where table_name = 'wp_posts'").split()
    columns = ", ".join(lie if name == "post_content" else name for name in names)
    as_the_site(f"rename table wp_posts to wp_kept; create view wp_posts as select {columns} from wp_kept")
    seen = examined(centre, trial_station, tmp_path)
    assert seen.additions.in_database == ("vue wp_posts",)
    assert one(seen).verdict is Verdict.TO_JUDGE
    assert "le mot est là. La base de données du site répond par des programmes (vue wp_posts)" in one(seen).observed


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("create trigger looks before update on wp_posts for each row set @a = 1", "déclencheur looks"),
        ("create event looks on schedule every 1 hour do set @a = 1", "événement looks"),
        ("create function looks() returns int deterministic return 1", "routine looks"),
        ("alter table wp_posts add a varchar(9) as (post_title)", "colonne calculée wp_posts.a"),
        ("create sequence looks", "table d’une autre sorte looks"),
    ],
)
def test_other_programs_of_a_database_are_named(
    centre: Centre, trial_station: Station, tmp_path: Path, browser: None, statement: str, named: str
) -> None:
    made = centre.engine.run(trial_station.container, ["mariadb", "site", "-e", statement], user="www-data")
    assert made.status == 0, made.stderr
    seen = examined(centre, trial_station, tmp_path, f"{WORD}<script>{ADDS}</script>")
    assert (seen.additions.in_database, len(seen.additions.stored)) == ((named,), 1)
    assert one(seen).verdict is Verdict.TO_JUDGE


@pytest.mark.parametrize("script", [WITHOUT_END, "<script>while (true) alert('encore')</script>"])
def test_a_page_that_never_ends_is_named_and_judged_without_its_script(
    centre: Centre,
    trial_station: Station,
    tmp_path: Path,
    browser: None,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
) -> None:
    monkeypatch.setattr(run_checks, "DEADLINE", 25.0)
    seen = one(examined(centre, trial_station, tmp_path, WORD + script))
    assert seen.verdict is Verdict.TO_JUDGE, seen
    assert f"/{ARTICLE}/" in seen.observed
    assert "le mot est là" in seen.observed


@pytest.fixture
def browser() -> None:
    """The examining one."""
