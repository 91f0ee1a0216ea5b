"""What counts as the candidate's content, its picture and its link, and what only looks like it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from checks.wordpress.reading import content_verdicts, contents, naming, seeded
from checks.wordpress.reading.content_verdicts import findings_of
from checks.wordpress.reading.contents import Content, Image, _content, leads_to, lines, path_of, plain
from checks.wordpress.reading.library import MediaFile, first_names, names_of, shows
from checks.wordpress.reading.naming import alike, exactly, named, nearly_titled, titled
from provisioner.subject.check import Finding, Site, Verdict
from tests.unit.samples import COMPANY

NOW = datetime(2024, 5, 14, 12, 0, tzinfo=UTC)
SITE = "http://localhost:8101"


def content(number: int = 1, **changed: object) -> Content:
    values: dict[str, object] = {
        "id": number,
        "kind": "post",
        "title": "Portes ouvertes",
        "status": "publish",
        "date": NOW - timedelta(hours=1),
        "modified": NOW - timedelta(hours=1),
        "link": f"{SITE}/portes-ouvertes/",
        "protected": False,
        "categories": (),
        "tags": (),
        "featured_media": 0,
    }
    return Content(**{**values, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "public", "state"),
    [
        ({}, True, "publié"),
        ({"kind": "page"}, True, "publiée"),
        ({"protected": True}, False, "publié, mais protégé par un mot de passe"),
        ({"status": "draft"}, False, "en brouillon"),
        ({"status": "draft", "kind": "page"}, False, "en brouillon"),
        ({"status": "pending"}, False, "en attente de relecture"),
        ({"status": "private"}, False, "privé"),
        ({"status": "trash"}, False, "à la corbeille"),
        ({"status": "future", "date": NOW + timedelta(days=1)}, False, "programmé pour le 15/05/2024 à 12 h 00"),
    ],
)
def test_only_what_everybody_may_read_is_public(changed: dict[str, object], public: bool, state: str) -> None:
    assert (content(**changed).public(NOW), content(**changed).state(NOW)) == (public, state)  # type: ignore[arg-type]


def test_what_was_planned_for_before_the_work_stopped_is_published() -> None:
    assert content(status="future", date=NOW - timedelta(minutes=5)).public(NOW)


def test_what_was_planned_for_later_is_not_published_though_it_went_online_before_one_looked() -> None:
    planned = NOW - timedelta(minutes=2)
    for later in (timedelta(minutes=10), timedelta(days=1)):
        for status in ("future", "publish"):
            assert not content(status=status, date=NOW + later, modified=planned).public(NOW)
    tomorrow = content(status="publish", date=NOW + timedelta(days=1), modified=planned)
    assert tomorrow.state(NOW) == "programmé pour le 15/05/2024 à 12 h 00"
    answered = NOW + timedelta(minutes=2)  # the last request
    assert content(status="publish", date=answered, modified=answered).public(NOW)


def test_of_several_the_public_one_of_the_right_kind_comes_first() -> None:
    draft, page, post, trashed = (
        content(1, status="draft"),
        content(2, kind="page"),
        content(3),
        content(4, status="trash"),
    )
    found = [trashed, draft, page, post, content(5, title="Un four neuf")]
    assert titled(found, "« PORTES  ouvertes » ".replace("«", "").replace("»", ""), "post", NOW) == [
        post,
        page,
        draft,
        trashed,
    ]


@pytest.mark.parametrize(
    "title",
    [
        "Portes ouverte à l’atelier",
        "Portes ouvertes à l’atelier, le 15 juin",
        "Portes ouvertes",
        "Journée portes ouvertes",
        "À l’atelier, les portes ouvertes",
        "Samedi 15 juin : venez à la journée portes ouvertes de notre atelier",
    ],
)
def test_a_slip_in_a_long_title_is_for_a_person_to_judge(title: str) -> None:
    near = content(title=title)
    assert nearly_titled(COMPANY, [content(2, title="Un four neuf"), near], "Portes ouvertes à l’atelier", NOW) == near


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("Nos palets de Noël", "Palets"),
        ("Crumble de pommes aux palets", "Palets"),
        ("Palets et sablés", "Palets"),
        ("Visites scolaires", "Visiter l’atelier"),
        ("Un four neuf à l’atelier", "Portes ouvertes à l’atelier"),
        ("Retour sur la fête du port", "Nos biscuits à la fête de Noël"),
    ],
)
def test_another_title_is_nobody_s_slip(title: str, wanted: str) -> None:
    assert nearly_titled(COMPANY, [content(title=title)], wanted, NOW) is None


LIBRARY = [
    MediaFile(1, "atelier", "atelier", 1000, ""),
    MediaFile(2, "atelier-exterieur", "atelier-exterieur", 2000, ""),
    MediaFile(3, "atelier-2", "atelier-2", 3000, ""),
    MediaFile(4, "atelier-1-1", "atelier-1", 1000, ""),
    MediaFile(5, "photo-retouchee", "atelier-edited", 4000, ""),
    MediaFile(6, "phare", "phare-e1700000000000", 5000, ""),
]


@pytest.mark.parametrize(
    ("file", "media"),
    [
        ("atelier.jpg", "atelier"),
        ("atelier-1024x683.jpg", "atelier"),
        ("atelier-scaled.jpg", "atelier"),
        ("atelier-1-300x200.jpg", "atelier"),  # uploaded again
        ("atelier-edited-300x200.jpg", "atelier"),  # cropped in the editor
        ("phare-e1700000000000-768x512.jpg", "phare"),  # cropped in the library
        ("phare-300x200.jpg", "phare"),
        ("d%C3%A9gustation.png", "dégustation"),  # not in the library any more
    ],
)
def test_a_picture_is_known_in_every_size_and_after_cropping(file: str, media: str) -> None:
    assert shows(Image(f"{SITE}/wp-content/uploads/2024/05/{file}", "", ""), names_of(media, LIBRARY))


@pytest.mark.parametrize("file", ["atelier-exterieur.jpg", "atelier-2.jpg", "atelier-2-300x200.jpg", "phare.jpg"])
def test_the_neighbour_s_picture_is_another(file: str) -> None:
    assert not shows(Image(f"{SITE}/wp-content/uploads/2024/05/{file}", "", ""), names_of("atelier", LIBRARY))


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        (f"{SITE}/nos-boutiques/", "/nos-boutiques/"),
        (f"{SITE}/nos-boutiques", "/nos-boutiques/"),
        (f"{SITE}/nos-boutiques/#plan", "/nos-boutiques/"),
        (f"{SITE}/", "/"),
        (SITE, "/"),
        ("http://www.exemple.fr", "https://exemple.fr/"),
        ("https://exemple.fr/a?b=1", "https://exemple.fr/a?b=1"),
        ("mailto:a@exemple.fr", "mailto:a@exemple.fr"),
        ("#", "#"),
    ],
)
def test_a_link_leads_there_however_it_is_written(address: str, wanted: str) -> None:
    assert leads_to(address, wanted, SITE)


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        (f"{SITE}/contact/", "/nos-boutiques/"),
        (f"{SITE}/nos-boutiques/plan/", "/nos-boutiques/"),
        ("http://ailleurs.test/nos-boutiques/", "/nos-boutiques/"),
        ("#", "/"),
        ("", "/contact/"),
        (f"{SITE}/contact/", "/contact/#plan"),
        ("https://exemple.fr/a?b=2", "https://exemple.fr/a?b=1"),
    ],
)
def test_a_link_that_leads_elsewhere_does_not_lead_there(address: str, wanted: str) -> None:
    assert not leads_to(address, wanted, SITE)


def test_names_lose_their_marks_and_addresses_their_host() -> None:
    assert plain("Sablés &amp; <em>palets</em>") == "Sablés & palets"
    assert path_of(f"{SITE}/?p=3#x") == "/?p=3"


def test_the_lines_of_a_comment_stay_apart() -> None:
    html = (
        "<p>Bonjour,<br />\nouvert jusqu&rsquo;à <b>18 h</b><br/>15\n% de remise</p>\n<ul><li>un</li><li>deux</li></ul>"
    )
    assert lines(html) == "Bonjour,\nouvert jusqu’à 18 h\n15 % de remise\nun\ndeux"


@pytest.mark.parametrize(
    ("guid", "seeded"),
    [(f"{SITE}/?p=120", False), (f"{SITE}/?page_id=120", False), (f"{SITE}/un-four-neuf/", True)],
)
def test_the_first_address_of_a_content_tells_whether_the_site_began_with_it(guid: str, seeded: bool) -> None:
    item = {
        "id": 120,
        "type": "post",
        "title": {"raw": "T"},
        "status": "publish",
        "date_gmt": "2024-05-14T10:00:00",
        "modified_gmt": "2024-05-14T10:00:00",
        "link": f"{SITE}/t/",
        "slug": "t",
        "guid": {"rendered": guid},
    }
    seen = _content(COMPANY, {**item, "tags": [3, 8], "categories": [5]}, {3: ["Sablés"], 5: ["Salons", "Événements"]})
    assert seen.seeded is seeded
    assert seen.born == ("un-four-neuf" if seeded else "")
    assert seen.tags == ("Sablés",), "what was deleted meanwhile names nothing"
    assert (seen.categories, seen.above) == (("Salons",), ("Événements",))


def test_a_medium_may_be_called_by_its_whole_file_name() -> None:
    assert names_of("atelier.webp", LIBRARY) == names_of("atelier", LIBRARY)


def test_a_medium_that_came_with_a_space_in_its_name_is_called_by_it() -> None:
    library = [MediaFile(1, "four-neuf", "Four-neuf", 1000, "")]
    assert names_of("Four neuf", library) >= {"Four-neuf"}
    assert first_names("atelier.webp", LIBRARY) == {"atelier"}


def test_a_content_of_the_seed_stays_itself_under_another_address() -> None:
    moved = content(4, kind="page", title="Notre équipe", slug="l-equipe", born="notre-equipe", seeded=True)
    new = content(9, kind="page", title="Notre équipe", slug="notre-equipe", modified=NOW)
    for found in ([moved], [new, moved]):
        assert alike(COMPANY, found, "notre-equipe", NOW) == [moved]
        assert exactly(COMPANY, found, "notre-equipe", NOW) == moved
    same_slug = content(5, kind="page", title="Notre équipe", slug="notre-equipe", born="notre-equipe", seeded=True)
    assert alike(COMPANY, [new, same_slug], "notre-equipe", NOW) == [same_slug], (
        "another parent's page may have the same slug"
    )
    assert alike(COMPANY, [new], "notre-equipe", NOW) == [new]
    assert exactly(COMPANY, [new], "notre-equip", NOW) is None


def test_of_several_public_ones_of_the_title_any_may_be_meant() -> None:
    draft, first, second = content(1, status="draft"), content(2), content(3, title="PORTES  ouvertes")
    other = content(4, title="Un four neuf")
    assert alike(COMPANY, [draft, first, second, other], "Portes ouvertes", NOW) == [first, second]
    assert alike(COMPANY, [draft, other], "Portes ouvertes", NOW) == [draft]
    assert alike(COMPANY, [other], "Portes ouvertes", NOW) == []
    assert named(COMPANY, [draft, first, second], "Portes ouvertes", NOW) == first


def test_a_draft_that_was_left_hides_no_public_one_that_is_nearly_so_titled() -> None:
    draft, near = content(1, status="draft"), content(2, title="Portes ouvertes le 15 juin")
    seeded = replace(near, id=3, seeded=True)
    assert alike(COMPANY, [draft, near], "Portes ouvertes", NOW) == [draft, near]
    assert alike(COMPANY, [draft, seeded], "Portes ouvertes", NOW) == [draft], "that one the candidate didn't write"
    binned = content(4, title="Portes ouverte", status="trash")
    assert nearly_titled(COMPANY, [binned, near], "Portes ouvertes", NOW) == near


def test_a_slug_names_one_content_whatever_others_are_called() -> None:
    seeded, copy = content(1, title="Nos boutiques", kind="page"), content(2, title="Nos boutiques", kind="page")
    seeded = replace(seeded, slug="nos-boutiques")
    assert alike(COMPANY, [copy, seeded], "nos-boutiques", NOW) == [seeded]


WEDNESDAYS = "les-ateliers-du-mercredi"


def test_what_the_candidate_made_is_known_by_the_slug_of_its_title_whatever_its_own() -> None:
    corrected = content(1, title="Les ateliers du mercredi", slug="les-atelier-du-mercredi")
    numbered = replace(corrected, slug=f"{WEDNESDAYS}-2")
    neighbour = content(2, title="Les ateliers du jeudi", slug="les-ateliers-du-jeudi")
    for one in (corrected, numbered):
        assert (
            exactly(COMPANY, [neighbour, one], WEDNESDAYS, NOW)
            == named(COMPANY, [neighbour, one], WEDNESDAYS, NOW)
            == one
        )
        assert exactly(COMPANY, [neighbour, replace(one, status="trash")], WEDNESDAYS, NOW) is None
        assert exactly(COMPANY, [one], WEDNESDAYS, NOW, ("page",)) is None
    begun = content(3, title="Les ateliers du mercredi", slug=WEDNESDAYS, status="draft")
    assert exactly(COMPANY, [begun, numbered], WEDNESDAYS, NOW) == numbered, "the one that was finished"
    slip = replace(corrected, title="Les atelier du mercredi")
    assert exactly(COMPANY, [slip], WEDNESDAYS, NOW) is None


def test_another_of_its_title_is_not_the_one_that_the_site_began_with() -> None:
    seeded = content(1, title="Notre équipe", kind="page", slug="l-equipe", born="notre-equipe", seeded=True)
    copy = content(2, title="Notre équipe", kind="page", slug="notre-equipe-2")
    for theirs in (seeded, replace(seeded, status="draft")):
        assert alike(COMPANY, [copy, theirs], "notre-equipe", NOW) == [theirs]
    assert alike(COMPANY, [copy, replace(seeded, status="trash")], "notre-equipe", NOW) == [], "it was deleted"
    other = replace(seeded, born="equipe")
    assert alike(COMPANY, [other], "notre-equipe", NOW) == [], "the site has another slug for it"


def test_another_of_its_title_is_neither_the_draft_nor_the_deleted_one_that_the_site_began_with() -> None:
    draft = content(1, title="Visites scolaires", slug="visites-scolaires", status="draft")
    copy = content(2, title="Visites scolaires", slug="visites-scolaires-2")
    assert alike(COMPANY, [draft, copy], "visites-scolaires", NOW) == [draft]
    again = content(3, title="Crackers au sarrasin", slug="crackers-au-sarrasin-2")
    assert exactly(COMPANY, [again], "crackers-au-sarrasin", NOW) is None, "the first was deleted for good"


@pytest.mark.parametrize(
    ("changed", "meant_so"),
    [
        ({}, True),
        ({"status": "draft"}, False),
        ({"kind": "page"}, False),
        ({"seeded": True}, False),
        ({"title": "Nos recettes"}, False),
    ],
)
def test_what_is_nearly_so_titled_may_be_the_one_that_was_meant(
    changed: dict[str, object], meant_so: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    slip = content(7, **{"title": "Les atelier du mercredi", "slug": "les-atelier-du-mercredi", **changed})
    for module in (naming, content_verdicts):
        monkeypatch.setattr(module, "rest", lambda site, path: {"path": path.partition("?")[0]})
    site = cast(Site, SimpleNamespace(company=COMPANY, taken_at=NOW))
    for name in (WEDNESDAYS, "Les ateliers du mercredi"):
        monkeypatch.setattr(contents, "contents", lambda site: [slip])
        item, said = content_verdicts.meant(site, name, ("post",))
        assert (item is not None, bool(said)) == (meant_so, meant_so)
        right = content(8, title="Les ateliers du mercredi")
        monkeypatch.setattr(contents, "contents", lambda site, right=right: [slip, right])
        assert content_verdicts.meant(site, name, ("post",)) == ({"path": "wp/v2/posts/8"}, "")


def test_a_doubt_leaves_to_a_person_what_was_met_and_nothing_else() -> None:
    met, missed = (Finding("a", verdict, "", "fait.", ()) for verdict in (Verdict.MET, Verdict.NOT_MET))
    assert content_verdicts.doubted(met, "", "") is met
    doubtful = content_verdicts.doubted(met, "", "le titre")
    assert (doubtful.verdict, doubtful.observed) == (Verdict.TO_JUDGE, "fait ; à lire : le titre.")
    assert content_verdicts.doubted(missed, "le titre").verdict is Verdict.NOT_MET


def test_what_only_the_second_of_a_title_has_is_a_persons_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    pair = [content(1), content(2)]
    monkeypatch.setattr(contents, "in_front", lambda site, number: True)
    monkeypatch.setattr(contents, "contents", lambda site: pair)
    site = cast(Site, SimpleNamespace(company=COMPANY, taken_at=NOW))

    def look(verdicts: dict[int, tuple[Verdict, Verdict]]) -> list[Verdict]:
        return [
            one.verdict
            for one in findings_of(
                site,
                "Portes ouvertes",
                lambda _, seen: [
                    Finding(fact, verdict, "", "", ())
                    for fact, verdict in zip("ab", verdicts[seen.id if seen else 0], strict=True)
                ],
            )
        ]

    met, to_judge, not_met = Verdict.MET, Verdict.TO_JUDGE, Verdict.NOT_MET
    assert look({1: (not_met, not_met), 2: (met, met)}) == [met, met]
    assert look({1: (met, not_met), 2: (not_met, met)}) == [met, to_judge]
    monkeypatch.setattr(contents, "contents", lambda site: [])
    assert look({0: (not_met, not_met)}) == [not_met, not_met]


@pytest.mark.parametrize(
    ("seeded", "status", "expected"),
    [
        (True, "publish", Verdict.MET),
        (True, "draft", Verdict.TO_JUDGE),
        (True, "private", Verdict.TO_JUDGE),
        (False, "draft", Verdict.MET),  # that it isn't published is another fact's
    ],
)
def test_work_in_a_content_that_no_visitor_sees_any_more_is_for_a_person(
    seeded: bool, status: str, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "contents", lambda site: [content(seeded=seeded, status=status)])
    monkeypatch.setattr(contents, "in_front", lambda site, number: True)
    site = cast(Site, SimpleNamespace(company=COMPANY, taken_at=NOW))
    done = [Finding("a", Verdict.MET, "", "", ()), Finding("b", Verdict.NOT_MET, "", "", ())]
    found = findings_of(site, "Portes ouvertes", lambda _, seen: done)
    assert [one.verdict for one in found] == [expected, Verdict.NOT_MET]


@pytest.mark.parametrize("begun", [True, False])
def test_work_in_a_page_whose_address_shows_something_else_is_for_a_person(
    begun: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "in_front", lambda site, number: False)
    done = [Finding("a", Verdict.MET, "", "fait", ()), Finding("b", Verdict.NOT_MET, "", "", ())]
    site = cast(Site, SimpleNamespace(company=COMPANY, taken_at=NOW))
    found = content_verdicts.still_shown(site, content(seeded=begun), done)
    assert [one.verdict for one in found] == [Verdict.TO_JUDGE, Verdict.NOT_MET]
    assert "son adresse montre autre chose" in found[0].observed


def whole(slug: str) -> str:
    return (COMPANY / "wordpress" / "texts" / f"{slug}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (whole("decouvrir-l-atelier"), Verdict.MET),
        (whole("decouvrir-l-atelier").replace("<h2", "<p>Du nouveau.</p><h2").replace("14", "15"), Verdict.MET),
        ("<p>Mardi, 10 h</p>", Verdict.TO_JUDGE),
        ("", Verdict.TO_JUDGE),
    ],
)
def test_work_in_a_page_whose_text_is_gone_is_for_a_person(
    left: str, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = content(seeded=True, born="decouvrir-l-atelier", kind="page")
    monkeypatch.setattr(contents, "stored_html", lambda site, one: ("", left))
    monkeypatch.setattr(contents, "in_front", lambda site, number: True)
    done = [Finding("a", Verdict.MET, "", "", ()), Finding("b", Verdict.NOT_MET, "", "", ())]
    found = content_verdicts.still_shown(cast(Site, SimpleNamespace(company=COMPANY, taken_at=NOW)), page, done)
    assert [one.verdict for one in found] == [expected, Verdict.NOT_MET]
    assert ("avait au départ n’y sont plus" in found[0].observed) is (expected is Verdict.TO_JUDGE)


def test_a_text_that_was_to_go_is_none_that_went() -> None:
    page = content(seeded=True, born="decouvrir-l-atelier", kind="page")
    first = sorted(seeded.texts_of(COMPANY, "decouvrir-l-atelier"))
    assert content_verdicts.emptied(COMPANY, page, "") != ""
    assert content_verdicts.emptied(COMPANY, page, "", first) == ""
    assert content_verdicts.emptied(COMPANY, page, first[0], first[1:]) == ""
    assert content_verdicts.emptied(COMPANY, replace(page, born="de-lui"), "") == ""


@pytest.mark.parametrize(
    "slug", sorted(seeded.at_first(COMPANY, "pages", "slug") | seeded.at_first(COMPANY, "posts", "slug"))
)
def test_nothing_is_gone_at_first(slug: str) -> None:
    assert content_verdicts.emptied(COMPANY, content(seeded=True, born=slug), lines(whole(slug))) == ""
