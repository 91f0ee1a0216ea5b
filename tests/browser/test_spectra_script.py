"""What the script that reads Spectra's blocks sees of them, in a real browser, in the markup that their editor stores."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock

import pytest
from playwright.sync_api import Page

from checks.visibility import REASONS
from checks.wordpress.compte_a_rebours import SpectraCountdown
from checks.wordpress.diaporama import SpectraSlider
from checks.wordpress.formulaire import SpectraForm
from checks.wordpress.reading import destinations, spectra_shown
from checks.wordpress.reading.answers import Answer
from checks.wordpress.reading.library import MediaFile
from checks.wordpress.reading.parts import part_of
from checks.wordpress.reading.popups import POPUPS_JS
from checks.wordpress.reading.spectra_js import SPECTRA_JS
from checks.wordpress.reading.spectra_shown import BLOCKS, SpectraBlocks, SpectraKind, paired
from checks.wordpress.reading.stored_blocks import blocks_in, named
from checks.wordpress.screens import spectra_markup
from checks.wordpress.spectra import SpectraBlock, SpectraFaq, SpectraTeam, SpectraTestimonials
from provisioner.examination.browser import candidate_browser
from provisioner.subject.check import Site, Verdict
from tests.unit.samples import COMPANY
from tests.unit.test_checks_reading import NOW, SITE, content

MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
#: What of Spectra's own styles and scripts the reading depends on.
STYLES = """<style>.uagb-faq-content, .uagb-forms-submit-message-hide { display: none }
    .uag-hide-desktop { display: none !important } .swiper-wrapper { display: flex; overflow: hidden }
    .swiper-slide { width: 100%; flex-shrink: 0 } img { width: 60px; height: 60px }</style>"""


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with candidate_browser() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.route("**/*.jpg", lambda route: route.fulfill(path="scenarios/biscuiterie/media/palets.jpg"))
        yield page


@pytest.fixture(autouse=True)
def _a_quiet_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(destinations, "fetched", lambda site, page, address, method: Answer(200, address, ""))
    monkeypatch.setattr(destinations, "rest_all", lambda site, path: [])
    monkeypatch.setattr(
        "checks.wordpress.formulaire.rest", lambda site, path: {"email": "admin@biscuiterie.examen.test"}
    )


@pytest.fixture
def site() -> Site:
    return cast(Site, SimpleNamespace(address=SITE, company=COMPANY, page=MagicMock(), taken_at=NOW, present=NOW))


def pictures(check: SpectraBlock) -> dict[str, spectra_markup.Picture]:
    return {
        media: {"id": number, "url": f"http://site.test/{media}.jpg", "alt": "", "sizes": {}}
        for number, media in enumerate(check.media(), 1)
    }


def read(page: Page, kind: SpectraKind, stored: str, shown: str = "", around: str = "{}") -> SpectraBlocks:
    """What is read of a content: as it is stored, and as WordPress shows it where that is something else."""
    html = around.format(shown or stored)
    page.set_content(
        f"{STYLES}<main><div id='post-7'><div class='entry-content'><h2>Avant</h2>{html}</div></div></main>"
    )
    seen = page.evaluate(SPECTRA_JS, [7, kind, spectra_shown._OTHERS[kind]])
    blocks = tuple(named(blocks_in(stored), BLOCKS[kind]))
    own = [one for one in seen if one["part"]["kind"] == kind]
    here = cast(Site, SimpleNamespace(address="http://site.test", page=MagicMock()))
    others = tuple(part_of(here, one["part"], SITE) for one in seen if one not in own)
    return SpectraBlocks(content(7), paired(here, own, blocks, SITE), others, blocks)


def files(check: SpectraBlock) -> list[MediaFile]:
    return [MediaFile(number, media, media, 10, "") for number, media in enumerate(check.media(), 1)]


def faq_as_shown(check: SpectraFaq) -> str:
    """What PHP makes of the block, which stores settings alone."""
    items = "".join(
        f'<div class="wp-block-uagb-faq-child uagb-faq-item" role="tab"><div class="uagb-faq-questions-button">'
        f'<span class="uagb-question">{one.question}</span></div><div class="uagb-faq-content"><p>{one.answer}</p></div></div>'
        for one in check.questions
    )
    return f'<div class="wp-block-uagb-faq uagb-faq__outer-wrap uagb-block-9c8b7a60 uagb-faq-layout-accordion">{items}</div>'


def test_questions_are_read_with_their_folded_answers(page: Page, site: Site) -> None:
    check = SpectraFaq.examples()[0].model_copy(update={"at": ""})
    seen = read(page, "FAQ", spectra_markup.faq(check.questions), faq_as_shown(check))
    assert check.judge(seen, (), site)[0] is MET
    hidden = faq_as_shown(check).replace('class="wp-block-uagb-faq ', 'class="wp-block-uagb-faq uag-hide-desktop ')
    seen = read(page, "FAQ", spectra_markup.faq(check.questions), hidden)
    assert seen.shown[0].part.unseen == REASONS["PHONE"]
    assert check.judge(seen, (), site)[0] is NOT_MET


def test_what_unfolds_otherwise_is_for_a_person_and_text_is_no_block(page: Page, site: Site) -> None:
    check = SpectraFaq.examples()[0]
    details = "".join(f"<details><summary>{q.question}</summary><p>{q.answer}</p></details>" for q in check.questions)
    assert check.judged(read(page, "FAQ", details), site)[0] is TO_JUDGE
    text = "".join(f"<p><b>{q.question}</b></p><p>{q.answer}</p>" for q in check.questions)
    assert check.judged(read(page, "FAQ", text), site) == (NOT_MET, "aucun bloc « FAQ » de Spectra")


def test_testimonials_and_members_are_read_with_their_pictures(page: Page, site: Site) -> None:
    quotes = SpectraTestimonials.examples()[0]
    html = spectra_markup.quotes(quotes.testimonials, pictures(quotes))
    assert quotes.judge(read(page, "témoignages", html), files(quotes), site)[0] is MET
    copied = html.replace(
        '<div class="uagb-testimonial__wrap ',
        '<div class="slick-cloned"><p>Armelle Kerdoncuff</p></div><div class="uagb-testimonial__wrap ',
        1,
    )
    assert len(read(page, "témoignages", copied).shown[0].items) == 2
    team = SpectraTeam.examples()[0]
    cards = "".join(spectra_markup.team(one, pictures(team), f"2b3c4d0{n}") for n, one in enumerate(team.members))
    assert (
        team.judge(read(page, "équipe", cards, around="<div class='wp-block-column'>{}</div>"), files(team), site)[0]
        is MET
    )
    linked = team.members[0].model_copy(update={"links": ("https://www.linkedin.com/in/soizic",)})
    with_icons = spectra_markup.team(linked, pictures(team)) + spectra_markup.team(
        team.members[1], pictures(team), "2b3c4d01"
    )
    assert team.judge(read(page, "équipe", with_icons), files(team), site)[0] is NOT_MET


def test_slides_are_counted_without_their_copies_and_show_pictures_in_them_or_behind(page: Page, site: Site) -> None:
    check = SpectraSlider.examples()[0].model_copy(update={"at": ""})
    html = spectra_markup.slider(check.slides, pictures(check))
    again = html.replace(
        '<div class="swiper-wrapper">',
        '<div class="swiper-wrapper"><div class="uagb-slider-child-wrap swiper-slide swiper-slide-duplicate">L’expédition</div>',
    )
    seen = read(page, "diaporama", again)
    assert len(seen.shown[0].items) == 3
    assert check.judge(seen, files(check), site)[0] is MET
    styles = "".join(
        f".uagb-block-a{place:07} {{ background-image: url('http://site.test/{one.media}.jpg') }}"
        for place, one in enumerate(check.slides)
    )
    behind = f"<style>{styles}</style>{spectra_markup.slider(check.slides, pictures(check), behind=True)}"
    assert check.judge(read(page, "diaporama", behind), files(check), site)[0] is MET
    left = spectra_markup.slider(check.slides, pictures(check), left=1)
    verdict, observed = check.judge(read(page, "diaporama", left), files(check), site)
    assert verdict is TO_JUDGE
    assert "« Slide 4 »" not in observed.partition("à lire")[2]
    assert "4 diapositives, au lieu de 3" in observed
    turned = spectra_markup.slider([*check.slides[1:], check.slides[0]], pictures(check))
    assert check.judge(read(page, "diaporama", turned), files(check), site)[0] is NOT_MET


def test_another_carousel_of_the_pictures_is_for_a_person(
    page: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = SpectraSlider(content="c", slides=({"media": "un"}, {"media": "deux"}))
    monkeypatch.setattr("checks.wordpress.diaporama.library", lambda site: files(check))
    monkeypatch.setattr("checks.wordpress.spectra.library", lambda site: files(check))
    images = "".join(f"<img src='http://site.test/{one.media}.jpg'>" for one in check.slides)
    assert check.judged(read(page, "diaporama", f"<div class='mon-carousel'>{images}</div>"), site)[0] is TO_JUDGE
    assert check.judged(read(page, "diaporama", f"<div class='wp-block-gallery'>{images}</div>"), site)[0] is NOT_MET


def test_popups_are_read_once_they_open_and_what_lies_over_the_page_beside_them(page: Page) -> None:
    window = spectra_markup.popup(
        "popup", "<p>Soldes</p><a href='/contact/'>Voir</a><img src='http://site.test/un.jpg'>"
    )
    bar = spectra_markup.popup("banner", "<p>Livraison</p>", block_id="0b").replace(
        "uagb-block-0a1b2c3d", "uagb-block-0b"
    )
    page.set_content(
        "<style>.uagb-popup-builder { position: fixed; inset: 0; display: none }</style>"
        f"{window}{bar}<header>Bienvenue</header><div style='position:fixed;bottom:0'>En bas</div><p>Ailleurs</p>"
        "<script>setTimeout(() => document.querySelector('.uagb-popup-builder').style.display = 'flex', 300)</script>"
    )
    seen = page.evaluate(POPUPS_JS)
    first, second = seen["popups"]
    assert (first["kind"], first["number"], first["text"], first["seen"]) == ("popup", "0a1b2c3d", "Soldes\nVoir", True)
    assert (first["links"], first["sources"]) == ([["/contact/", "Voir"]], ["http://site.test/un.jpg"])
    assert (second["kind"], second["number"], second["seen"]) == ("banner", "0b", False)
    assert seen["others"] == [{"text": "Bienvenue", "over": False}, {"text": "En bas", "over": True}]


def test_a_form_is_read_with_its_fields_and_its_recipient(page: Page, site: Site) -> None:
    check = SpectraForm.examples()[0]

    def verdict(html: str) -> Verdict:
        return check.judged(read(page, "formulaire", html), site)[0]

    own = {"recipient": check.recipient, "button": check.button, "message": check.message}
    assert verdict(spectra_markup.form(check.fields, **own)) is MET
    assert verdict(spectra_markup.form(check.fields[1:], **own)) is NOT_MET
    assert verdict(spectra_markup.form(check.fields, **{**own, "recipient": ""})) is NOT_MET
    assert verdict(spectra_markup.form(check.fields, **{**own, "recipient": "bonjour@biscuiterie.test"})) is NOT_MET
    free = [one.model_copy(update={"required": False}) for one in check.fields]
    assert verdict(spectra_markup.form(free, **own)) is NOT_MET
    names = [one.model_copy(update={"kind": "nom"}) for one in check.fields]
    assert verdict(spectra_markup.form(names, **own)) is TO_JUDGE
    labels = "".join(f"<label>{one.label} <input></label>" for one in check.fields)
    assert verdict(f"<form>{labels}<button>Envoyer ma demande</button></form>") is TO_JUDGE
    assert check.judged(read(page, "formulaire", '<!-- wp:uagb/forms {"block_id":"1f2e3d4c"} /-->', "<p></p>"), site)[
        1
    ] == ("aucun bloc « formulaire » de Spectra ; il y en a un d’enregistré, que les visiteurs ne reçoivent pas")


@pytest.mark.parametrize(
    ("ends", "picked", "expected"),
    [
        (timedelta(), True, MET),
        (timedelta(hours=1), False, MET),
        (timedelta(hours=1), True, NOT_MET),
        (timedelta(hours=-12), True, NOT_MET),
        (timedelta(days=-365), True, NOT_MET),
    ],
)
def test_a_countdown_ends_when_its_block_says(
    page: Page, site: Site, ends: timedelta, picked: bool, expected: Verdict
) -> None:
    check = SpectraCountdown.examples()[0].model_copy(update={"at": ""})
    moment = check.moment(NOW.date()) + ends
    html = spectra_markup.countdown(
        f"{moment:%Y-%m-%dT%H:%M:%S}", f"{moment:%Y-%m-%dT%H:%M:%S}.000Z", check.labels, picked
    )
    left = (check.moment(NOW.date()) - NOW.replace(tzinfo=None)).days
    counting = html.replace("-</div>", f"{left}</div>", 1).replace(">-</div>", ">5</div>")
    assert check.judged(read(page, "compte à rebours", counting), site)[0] is expected


def test_numbers_that_do_not_come_or_are_others_are_for_a_person(page: Page, site: Site) -> None:
    check = SpectraCountdown.examples()[0].model_copy(update={"at": "", "labels": ()})
    html = spectra_markup.countdown("2024-06-14T18:00:00", "2024-06-14T16:00:00.000Z")
    assert "aucun nombre" in check.judged(read(page, "compte à rebours", html), site)[1]
    assert (
        "il affiche 12 jours"
        in check.judged(read(page, "compte à rebours", html.replace("-</div>", "12</div>", 1)), site)[1]
    )
    past: Any = SimpleNamespace(taken_at=NOW, present=datetime(2032, 1, 1, tzinfo=NOW.tzinfo))
    assert check.judged(read(page, "compte à rebours", html), past)[0] is MET


def test_html_that_looks_like_a_block_is_for_a_person(page: Page, site: Site) -> None:
    check = SpectraTeam.examples()[0]
    cards = "".join(spectra_markup.team(one, pictures(check), f"2b3c4d0{n}") for n, one in enumerate(check.members))
    bare = re.sub(r"<!-- .*? -->", "", cards)
    assert check.judge(read(page, "équipe", bare), files(check), site)[0] is TO_JUDGE


def test_a_content_that_nobody_sees_is_read_as_it_is_stored(page: Page) -> None:
    check = SpectraTeam.examples()[0]
    html = spectra_markup.team(check.members[0], pictures(check))
    seen = page.evaluate(SPECTRA_JS, [html, "équipe", spectra_shown._OTHERS["équipe"]])
    assert [one["items"][0]["texts"]["name"] for one in seen] == ["Soizic Le Bihan"]
