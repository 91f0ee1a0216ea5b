"""What Spectra's blocks and pop-ups say as they are stored, and what is concluded from it."""

import json
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from checks.wordpress.carte import SpectraMap
from checks.wordpress.compte_a_rebours import SpectraCountdown
from checks.wordpress.fenetre import SpectraPopup
from checks.wordpress.formulaire import SpectraForm
from checks.wordpress.reading import contents, destinations
from checks.wordpress.reading.answers import Answer
from checks.wordpress.reading.parts import Part, Parts
from checks.wordpress.reading.popups import Popup, Popups, StoredPopup, stored_popup
from checks.wordpress.reading.spectra_shown import Item, Shown, SpectraBlocks, paired
from checks.wordpress.reading.spectra_verdicts import (
    counts,
    ends_at,
    ends_of,
    form_field,
    made_otherwise,
    match,
    named_so,
    ordered,
    proposed,
    question,
    quote,
    slide,
)
from checks.wordpress.reading.spectra_wanted import FormField, Question, Quote, Slide
from checks.wordpress.reading.stored_blocks import StoredBlock, blocks_in, named
from checks.wordpress.screens import spectra_markup
from provisioner.subject.check import Site, Verdict
from tests.unit.samples import COMPANY
from tests.unit.test_checks_reading import NOW, SITE, content

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
PARIS = ZoneInfo("Europe/Paris")
HERE = cast(Site, SimpleNamespace(address=SITE, page=MagicMock(), taken_at=NOW, present=NOW))


@pytest.fixture(autouse=True)
def _a_quiet_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(destinations, "fetched", lambda site, page, address, method: Answer(200, address, ""))
    monkeypatch.setattr(destinations, "rest_all", lambda site, path: [])


# --- what is stored -----------------------------------------------------------------------------


def test_blocks_are_read_with_those_in_them_and_their_settings() -> None:
    html = (
        '<!-- wp:paragraph -->\n<p>Un</p>\n<!-- /wp:paragraph --><!-- wp:columns -->\n<!-- wp:column {"width":"50%"} -->'
        '<!-- wp:uagb/faq {"block_id":"a"} -->\n<!-- wp:uagb/faq-child {"question":"{ou} ?","answer":"Oui \\u002d\\u002d\\u003e"} /-->'
        "<!-- /wp:uagb/faq --><!-- /wp:column -->\n<!-- /wp:columns --><!-- wp:uagb/team"
    )
    blocks = blocks_in(html)
    assert [block.name for block in blocks] == ["paragraph", "columns"]
    [child] = named(blocks, "uagb/faq-child")
    assert child.attributes == {"question": "{ou} ?", "answer": "Oui -->"}
    assert [block.text("block_id") for block in named(blocks, "uagb/faq")] == ["a"]


def test_what_is_never_closed_or_never_opened_loses_no_block() -> None:
    blocks = blocks_in('<!-- wp:group --><!-- wp:uagb/team {"x":} --><!-- /wp:quote --><!-- wp:image /-->')
    assert [block.name for block in blocks] == ["group"]
    assert [block.name for block in named(blocks, "image")] == ["image"]
    assert [block.attributes for block in named(blocks, "uagb/team")] == [{}]


def test_blocks_that_are_never_closed_or_nested_without_end_are_read_at_once() -> None:
    assert blocks_in("<!-- wp:a {" * 20_000) == ()
    assert len(list(named(blocks_in("<!-- wp:a -->" * 3_000), "a"))) == 3_000
    assert [block.attributes for block in blocks_in(f'<!-- wp:a {{"b":{"[" * 100_000}}} /-->')] == [{}]


def test_settings_are_written_as_the_editor_writes_them() -> None:
    written = spectra_markup.comment({"question": 'Oui -- "non" <b> & l’été'})
    assert written == '{"question":"Oui \\u002d\\u002d \\u0022non\\u0022 \\u003cb\\u003e \\u0026 l’été"}'
    assert json.loads(written)["question"] == 'Oui -- "non" <b> & l’été'


def test_a_block_is_paired_by_its_number_or_where_that_tells_nothing_by_its_place() -> None:
    def seen(number: str) -> dict[str, Any]:
        part = {"kind": "équipe", "sources": [], "links": [], "rows": []}
        return {"part": part, "items": [], "besides": {}, "number": number}

    one, two = (StoredBlock("uagb/team", {"block_id": number}) for number in "ab")
    assert [shown.stored for shown in paired(HERE, [seen("b")], [one, two], SITE)] == [two]
    copied = StoredBlock("uagb/team", {"block_id": "a", "title": "copie"})
    assert [shown.stored for shown in paired(HERE, [seen("a"), seen("a")], [one, copied], SITE)] == [one, copied]
    assert [shown.stored for shown in paired(HERE, [seen("c")], [], SITE)] == [None]


# --- several things -----------------------------------------------------------------------------

ASKED = [Question(question="Où ?", answer="À Quimper."), Question(question="Quand ?", answer="Le lundi.")]


def qa(question: str, answer: str, unseen: str = "") -> Item:
    return Item({"question": question, "answer": answer}, unseen=unseen)


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([qa("Où ?", "À Quimper."), qa("Quand ?", "Le lundi.")], MET),
        ([qa("Quand ?", "Ouvert le lundi."), qa("où ?", "À Quimper."), qa("Qui ?", "Nous.")], MET),
        ([qa("Où ?", "Le lundi."), qa("Quand ?", "À Quimper.")], NOT_MET),
        ([qa("Où ?", "À Quimper.")], NOT_MET),
        ([qa("Où ?", "À Quimpr."), qa("Quand ?", "Le lundi.")], TO_JUDGE),
        ([qa("Où ?", "À Quimper.", "élément réservé aux téléphones"), qa("Quand ?", "Le lundi.")], NOT_MET),
        ([qa("Où ?", "À Quimper.", "élément masqué par le style"), qa("Quand ?", "Le lundi.")], TO_JUDGE),
    ],
)
def test_each_question_has_its_own_answer(items: list[Item], expected: Verdict) -> None:
    assert match(ASKED, items, question, []).verdict is expected


def test_no_thing_counts_for_two() -> None:
    twice = [Question(question="Où ?", answer="Quimper")] * 2
    assert match(twice, [qa("Où ?", "Quimper")], question, []).lacking == ("« Où ? »",)


def test_what_fits_two_is_left_to_the_one_that_has_no_other() -> None:
    slides = [Slide(title="Le four"), Slide(title="Le four neuf")]
    items = [Item({"text": "Le four neuf"}), Item({"text": "Le four"})]
    assert match(slides, items, slide, []).places == (1, 0)
    assert match(slides, items[::-1], slide, []).places == (0, 1)


def test_the_order_is_that_of_the_things_that_are_asked() -> None:
    items = [qa("Quand ?", "Le lundi."), qa("Où ?", "À Quimper.")]
    assert not ordered(match(ASKED, items, question, []))
    assert ordered(match(ASKED, items[::-1], question, []))


def test_slides_that_name_each_other_are_in_the_order_in_which_they_stand() -> None:
    slides = [Slide(title="Le pétrin"), Slide(title="Le four")]
    items = [
        Item({"text": "Le pétrin\nLa pâte y repose avant\nLe four"}),
        Item({"text": "Le four\nIl attend ce que prépare\nLe pétrin"}),
    ]
    assert ordered(match(slides, items, slide, [], in_order=True))
    assert not ordered(
        match(slides, [Item({"text": "Le four"}), Item({"text": "Le pétrin"})], slide, [], in_order=True)
    )
    assert match(slides, items[:1], slide, [], in_order=True).verdict is NOT_MET


def test_a_title_within_a_line_is_for_a_person() -> None:
    assert slide(Slide(title="Le pétrin"), Item({"text": "LE PÉTRIN\nIl est vieux."}), [])[0] is MET
    assert slide(Slide(title="Le pétrin"), Item({"text": "Le four et le pétrin"}), [])[0] is TO_JUDGE


def test_a_name_with_its_words_turned_round_is_for_a_person() -> None:
    assert named_so("Armelle Kerdoncuff", "KERDONCUFF Armelle")[0] is TO_JUDGE
    assert named_so("Armelle Kerdoncuff", "Armelle Morvan")[0] is NOT_MET


def test_a_stop_at_the_end_and_the_colon_of_a_label_cost_nothing() -> None:
    asked = Question(question="Qui ?", answer="Malo Quéré, qui passera dans la semaine.")
    assert question(asked, qa("Qui ?", "Malo Quéré, qui passera dans la semaine"), [])[0] is MET
    assert question(asked, qa("Qui ?", "Malo Quéré."), [])[0] is not MET
    for label in ("Raison sociale :", "Raison sociale *"):
        field = Item({"label": label, "kind": "name", "choices": ""})
        assert form_field(FormField(label="Raison sociale", kind="nom"), field, [])[0] is MET


@pytest.mark.parametrize(("asked", "free", "bound"), [(None, MET, MET), (True, NOT_MET, MET), (False, MET, NOT_MET)])
def test_a_field_is_obligatory_or_optional_where_that_is_asked(
    asked: bool | None, free: Verdict, bound: Verdict
) -> None:
    wanted = FormField(label="Votre activité", kind="zone de texte", required=asked)
    texts = {"label": "Votre activité", "kind": "textarea", "choices": ""}
    assert form_field(wanted, Item(texts), [])[0] is free
    assert form_field(wanted, Item(texts, required=True), [])[0] is bound


def test_name_and_town_exchanged_are_no_testimonial() -> None:
    asked = Quote(name="Anne Morvan", company="Quimper", words="Très bon.")
    right = {"name": "Anne Morvan", "company": "Quimper", "words": "Très bon."}
    assert quote(asked, Item(right), [])[0] is MET
    assert quote(asked, Item({**right, "name": "Quimper", "company": "Anne Morvan"}), [])[0] is NOT_MET


def test_what_spectra_proposes_is_known_unless_it_is_asked_for() -> None:
    assert proposed(["Bougies\nREAD MORE"], []) == "un texte est resté tel que Spectra le propose (« Read More »)"
    assert proposed(["Read more"], ["Read more"]) == ""
    assert proposed(["Qu’est-ce qu’une F.A.Q. ?"], []) != ""
    assert proposed(["06 DAYS 23 HOURS\nLivraison offerte"], ["Livraison offerte"]) != ""


def test_what_the_company_wrote_there_itself_is_nobodys_work() -> None:
    others = (Part("autre", "Soizic Le Bihan\nGérante."),)
    read = SpectraBlocks(content(born="notre-equipe"), (), others, ())
    assert made_otherwise(COMPANY, read, ("Soizic Le Bihan",)) == ""
    assert made_otherwise(COMPANY, SpectraBlocks(content(), (), others, ()), ("Soizic Le Bihan",)).startswith(
        "ce qui est demandé"
    )


@pytest.mark.parametrize("values", [{}, {"title": ""}])
def test_a_slide_asks_for_something(values: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Slide.model_validate(values)


def test_choices_are_those_of_fields_that_have_some() -> None:
    with pytest.raises(ValidationError):
        FormField(label="Nom", choices=("a",))


# --- a form -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "own", "expected"),
    [
        ({"afterSubmitToEmail": "pro@site.test"}, "", MET),
        ({"afterSubmitToEmail": "autre@site.test, PRO@site.test"}, "", MET),
        ({"afterSubmitToEmail": "pro@site.test", "sendAfterSubmitEmail": False}, "", TO_JUDGE),
        ({"afterSubmitToEmail": "pros@site.test"}, "", NOT_MET),
        ({"afterSubmitCcEmail": "pro@site.test"}, "", NOT_MET),
        ({}, "pro@site.test", TO_JUDGE),
        ({}, "admin@site.test", NOT_MET),
    ],
)
def test_a_form_writes_to_whom_its_block_says(settings: dict[str, object], own: str, expected: Verdict) -> None:
    check = SpectraForm(content="c", fields=(FormField(label="Nom"),), recipient="pro@site.test")
    shown = Shown(Part("formulaire"), stored=StoredBlock("uagb/forms", settings))
    assert check._writes_to(shown, own)[0][0] is expected


def test_a_form_without_a_recipient_is_said_to_fail_where_none_is_asked_for() -> None:
    check = SpectraForm(content="c", fields=(FormField(label="Nom"),))
    (verdict, _), said = check._writes_to(Shown(Part("formulaire"), stored=StoredBlock("uagb/forms")), "")
    assert (verdict, said) == (MET, "il n’a pas de destinataire, et son envoi échoue pour les visiteurs")


# --- a countdown --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "ends", "off"),
    [
        ({"displayEndDateTime": "2026-06-30T18:00:00", "endDateTime": "2026-06-30T17:00:00.000Z"}, (6, 30, 18), 0),
        ({"endDateTime": "2026-06-30T16:00:00.000Z"}, (6, 30, 18), 1),
        ({"displayEndDateTime": "2026-12-07T22:00:00.000Z"}, (12, 7, 23), 1),
    ],
)
def test_the_end_is_what_was_picked_or_else_the_moment(
    settings: dict[str, object], ends: tuple[int, ...], off: int
) -> None:
    month, day, hour = ends
    found = ends_of(StoredBlock("uagb/countdown", settings), PARIS)
    assert found == (datetime(2026, month, day, hour), timedelta(hours=off))


def test_what_a_candidate_wrote_into_the_block_breaks_nothing() -> None:
    for ends in ("demain", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00"):
        settings = {"endDateTime": ends, "displayEndDateTime": 7}
        assert ends_of(StoredBlock("uagb/countdown", settings), PARIS)[0] is None


def test_without_an_hour_the_day_counts() -> None:
    wanted = datetime(2026, 6, 30, 18)
    assert ends_at(wanted, None, datetime(2026, 6, 30, 9), timedelta())
    assert not ends_at(wanted, time(18), datetime(2026, 6, 30, 9), timedelta())
    assert not ends_at(wanted, None, datetime(2026, 7, 1, 18), timedelta())


def test_numbers_tell_only_of_a_moment_to_come() -> None:
    now = datetime(2026, 6, 1, 18)
    assert counts({"days": "29", "hours": "0"}, datetime(2026, 6, 30, 18), now)[0] is MET
    assert counts({"days": "", "hours": "12"}, datetime(2026, 6, 30, 18), now)[0] is MET
    assert counts({"days": "7"}, datetime(2026, 6, 30, 18), now)[0] is TO_JUDGE
    assert counts({"days": "-"}, datetime(2026, 6, 30, 18), now)[0] is TO_JUDGE
    assert counts({"days": "²"}, datetime(2026, 6, 30, 18), now)[0] is TO_JUDGE
    assert counts({"days": "9" * 5000}, datetime(2026, 6, 30, 18), now)[0] is TO_JUDGE


def test_a_day_and_an_hour_are_written_as_people_do() -> None:
    today = date(2026, 6, 2)
    for written in ("1er juin 2027", "1er juin", "1/6", "mardi 1er juin"):
        check = SpectraCountdown(content="c", day=written, hour="18 h 30")
        assert check.moment(today) == datetime.combine(date(2027, 6, 1), time(18, 30))
    assert SpectraCountdown(content="c", day="29 février").moment(today).date() == date(2028, 2, 29)
    for wrong in ({"day": "bientôt"}, {"day": "1/6/2027", "hour": "midi"}):
        with pytest.raises(ValidationError):
            SpectraCountdown.model_validate({"content": "c", **wrong})


# --- a map --------------------------------------------------------------------------------------


def test_a_map_is_of_spectra_where_the_content_stores_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    check = SpectraMap(content="nos-boutiques", address="14 rue du Four-Banal, 29000 Quimper")
    source = (
        "https://maps.google.com/maps?q=14%20rue%20du%20Four-Banal%2C%2029000%20Quimper&z=15&hl=fr&t=m&output=embed"
    )
    assert check.judge(Parts(content(), (Part("cadre", sources=(source,)),), True))[0] is MET
    proposal = "https://maps.google.com/maps?q=Brainstorm%20Force&z=12&output=embed"
    assert check.judge(Parts(content(), (Part("cadre", sources=(proposal,)),), True))[0] is NOT_MET
    for html, doubted in ((check.markup(check.address), False), ("<!-- wp:html -->\n<!-- /wp:html -->", True)):
        monkeypatch.setattr(contents, "stored_html", lambda site, content, html=html: (html, ""))
        assert bool(check.doubt(HERE, content())) is doubted


# --- pop-ups ------------------------------------------------------------------------------------

POPUP = SpectraPopup(texts=("Soldes d’hiver",), button="Voir", link="/nos-produits/")
OPEN = Popup("popup", "a", "Soldes d’hiver\nVoir", True, links=((f"{SITE}/nos-produits/", "Voir"),))
KEPT = StoredPopup("Soldes", "publish", "popup", True, frozenset("a"))


def judged(shown: list[Popup], stored: list[StoredPopup], **more: Any) -> tuple[Verdict, str]:
    return POPUP.judge(Popups(tuple(shown), tuple(stored), **more), (), HERE)


def popup(**changed: Any) -> Popup:
    return Popup(**{**OPEN.__dict__, **changed})


@pytest.mark.parametrize(
    ("shown", "stored", "expected"),
    [
        ([OPEN], [KEPT], MET),
        ([popup(text="Bonne visite", number="b"), OPEN], [KEPT], MET),
        ([popup(kind="banner")], [KEPT], NOT_MET),
        ([popup(text="Engage Your Visitors!")], [KEPT], NOT_MET),
        ([popup(text="Soldes d’hiver\nCall To Action")], [KEPT], TO_JUDGE),
        ([popup(links=((f"{SITE}/contact/", "Voir"),))], [KEPT], NOT_MET),
        ([popup(seen=False)], [KEPT], TO_JUDGE),
        ([OPEN], [], TO_JUDGE),
        ([], [], NOT_MET),
    ],
)
def test_a_popup_opens_says_and_leads(shown: list[Popup], stored: list[StoredPopup], expected: Verdict) -> None:
    assert judged(shown, stored)[0] is expected


def test_why_nothing_opens_is_said() -> None:
    draft = StoredPopup("Soldes", "draft", "popup", True)
    off = StoredPopup("Soldes", "publish", "popup", False, hidden=True)
    assert judged([], [draft, off]) == (
        NOT_MET,
        "rien ne s’ouvre sur la page d’accueil ; enregistré : « Soldes » (une fenêtre surgissante, en brouillon), "
        "« Soldes » (une fenêtre surgissante, publiée, désactivée, masquée sur les ordinateurs)",
    )


def test_the_same_words_over_the_page_are_for_a_person_and_at_its_top_for_an_info_bar() -> None:
    assert judged([], [], over=("Soldes d’hiver dans un cadre",))[0] is TO_JUDGE
    assert judged([], [], top=("Soldes d’hiver",))[0] is NOT_MET
    bar = SpectraPopup(kind="info bar", texts=("Soldes d’hiver",))
    assert bar.judge(Popups(top=("Soldes d’hiver",)), (), HERE)[0] is TO_JUDGE


def test_a_popup_is_read_as_the_interface_tells_it() -> None:
    html = spectra_markup.popup("banner", "<p>Un</p>", UAGHideDesktop=True)
    row = {
        "title": {"raw": "Livraison"},
        "status": "publish",
        "content": {"raw": html},
        "meta": {"spectra-popup-type": "banner", "spectra-popup-enabled": True},
    }
    assert stored_popup(row) == StoredPopup(
        "Livraison", "publish", "banner", True, frozenset({"0a1b2c3d"}), hidden=True
    )
    assert (
        str(stored_popup({**row, "content": {"raw": ""}, "meta": {}}))
        == "« Livraison » (sans type choisi, publiée, désactivée)"
    )


def test_a_link_is_that_of_a_button() -> None:
    with pytest.raises(ValidationError):
        SpectraPopup(texts=("Un",), link="/contact/")
