"""Blocks, maps, galleries and pictures of a content: what counts as the wanted one, and what only looks like it."""

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import cast
from unittest.mock import MagicMock

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from pydantic import ValidationError

from checks.visibility import REASONS
from checks.wordpress import mediatheque, textes_des_images
from checks.wordpress.blocs import Blocks, almost
from checks.wordpress.carte import DynamicMap, at_address, place_of
from checks.wordpress.galeries import Gallery, LinkedImage
from checks.wordpress.image_et_video import AdjustedImage
from checks.wordpress.medias import MediumShown
from checks.wordpress.mediatheque import LibraryFile, _same_name, _weights
from checks.wordpress.reading import contents, destinations, library, lookalikes, menu_shown, seeded
from checks.wordpress.reading import parts as parts_module
from checks.wordpress.reading.answers import Answer
from checks.wordpress.reading.block_verdicts import BlockWanted, judge
from checks.wordpress.reading.contents import Image, Link, _body
from checks.wordpress.reading.library import MediaFile
from checks.wordpress.reading.lookalikes import Lookalike
from checks.wordpress.reading.parts import Part, Parts, _with_feeds, feeds_in, part_of
from checks.wordpress.reading.tables import table_verdict
from checks.wordpress.screens import image_layout, media_library
from checks.wordpress.textes_des_images import DescribedImage
from provisioner.subject.check import Site, Verdict
from tests.unit.samples import COMPANY, answering_site
from tests.unit.test_checks_reading import SITE, content

pytestmark = pytest.mark.usefixtures("right_screens")

UPLOADS = f"{SITE}/wp-content/uploads/2024/05"
FILES = [
    MediaFile(1, "atelier", "atelier", 10, ""),
    MediaFile(2, "palets", "palets", 20, ""),
    MediaFile(3, "bon", "bon-de-commande", 30, ""),
]
HERE = cast(Site, SimpleNamespace(address=SITE, page=MagicMock()))
MET, NOT_MET, TO_JUDGE = Verdict.MET, Verdict.NOT_MET, Verdict.TO_JUDGE
HIDDEN = REASONS["HIDDEN"]


@pytest.fixture(autouse=True)
def _a_site_with_one_page_below_another(monkeypatch: pytest.MonkeyPatch) -> None:
    album = {"slug": "l-album", "title": {"rendered": "L’album"}, "link": f"{SITE}/l-atelier/l-album/"}
    monkeypatch.setattr(destinations, "fetched", lambda site, page, address, method: Answer(200, address, ""))
    monkeypatch.setattr(destinations, "rest_all", lambda site, path: [album] if "/pages?" in path else [])


def verdict(wanted: Mapping[str, object], *parts: Part) -> Verdict:
    return judge(BlockWanted.model_validate(wanted), parts, FILES, HERE)[0]


def image(name: str, **more: object) -> Part:
    return Part("image", sources=(f"{UPLOADS}/{name}",), **more)  # type: ignore[arg-type]


def parts(*some: Part) -> Parts:
    return Parts(content(), some, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Les horaires", MET),
        ("LES HORAIRES !", MET),
        ("les horaires de l’été", TO_JUDGE),
        ("Les horaire", TO_JUDGE),
        ("Le programme", NOT_MET),
    ],
)
def test_a_title_is_the_wanted_one_to_its_words(text: str, expected: Verdict) -> None:
    assert verdict({"block": "titre", "text": "Les horaires"}, Part("titre", text, level=2)) is expected


def test_a_button_leads_where_it_must_whatever_the_form_of_the_address() -> None:
    wanted = {"block": "bouton", "text": "Nous écrire", "link": "/contact/"}
    assert verdict(wanted, Part("bouton", "Nous écrire", links=(f"{SITE}/contact",))) is MET
    assert verdict(wanted, Part("bouton", "Nous écrire", links=(f"{SITE}/produits/",))) is NOT_MET
    assert verdict(wanted, Part("bouton", "Nous écrire")) is NOT_MET
    assert verdict(wanted, Part("lien", "Nous écrire", links=(f"{SITE}/contact/",))) is NOT_MET


@pytest.mark.parametrize("href", ["http://[lien]", "//[lien", "http://exemple\uff1atest/"])
def test_what_is_no_address_leads_nowhere_and_breaks_nothing(href: str) -> None:
    seen = {"kind": "bouton", "text": "Voir", "sources": [href], "links": [href], "rows": []}
    broken = part_of(HERE, seen, f"{SITE}/un-four-neuf/")
    assert (broken.links, broken.sources) == ((f"#{href}",), (f"#{href}",))
    assert verdict({"block": "bouton", "text": "Voir", "link": "/l-album/"}, broken) is NOT_MET
    assert _body({"text": "", "headings": [], "images": [[href, "", ""]], "links": [[href, "ici"]]}, SITE).links == (
        Link(f"#{href}", "ici"),
    )
    item = {"title": "Ici", "href": href, "children": []}
    assert menu_shown._item(item, SITE).address == f"#{href}"
    assert verdict({"block": "flux rss", "feed": "/feed/"}, *_with_feeds([], [href])) is NOT_MET


def test_https_on_the_site_means_the_site_that_only_answers_http(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answer(site: Site, page: object, address: str, method: str) -> Answer:
        asked.append(address)
        return Answer(200, f"{SITE}/l-atelier/l-album/", "")

    monkeypatch.setattr(destinations, "fetched", answer)
    secure = SITE.replace("http:", "https:")
    seen = {"kind": "bouton", "text": "Voir", "sources": [], "links": [f"{secure}/l-album/"], "rows": []}
    button = part_of(cast(Site, SimpleNamespace(address=SITE, page=MagicMock())), seen, SITE)
    assert asked == [f"{SITE}/l-album/"]
    assert verdict({"block": "bouton", "text": "Voir", "link": "/l-album/"}, button) is MET
    assert destinations.followed(HERE, f"{secure}/wp-content/palets.jpg") == f"{SITE}/wp-content/palets.jpg"


def test_a_picture_may_say_something_under_the_mouse() -> None:
    images = [["a.jpg", "Un four", "", "Le four neuf"], ["b.jpg", "", "Des palets"]]
    seen = _body({"text": "", "headings": [], "images": images, "links": []}, f"{SITE}/")
    assert seen.images == (
        Image(f"{SITE}/a.jpg", "Un four", "", "Le four neuf"),
        Image(f"{SITE}/b.jpg", "", "Des palets"),
    )


def test_a_button_may_lead_to_a_file_of_the_library() -> None:
    wanted = {"block": "bouton", "media": ("bon",)}
    assert verdict(wanted, Part("bouton", "Le bon", links=(f"{UPLOADS}/bon-de-commande.pdf",))) is MET
    assert verdict(wanted, Part("bouton", "Le bon", links=(f"{UPLOADS}/catalogue.pdf",))) is NOT_MET


@pytest.mark.parametrize("address", ["/l-atelier/l-album/", "/l-atelier/l-album/?preview=true"])
def test_a_path_that_is_asked_for_means_the_page_of_that_slug(address: str) -> None:
    assert verdict({"block": "bouton", "link": "/l-album/"}, Part("bouton", links=(f"{SITE}{address}",))) is MET
    check = Gallery(content="c", linked=(LinkedImage(media="palets", to="/l-album/"),))
    assert check.links(parts(image("palets.jpg", links=(f"{SITE}{address}",))), FILES, HERE)[0] is MET


def test_the_button_of_a_file_block_is_for_a_person_to_judge() -> None:
    wanted = {"block": "bouton", "text": "Le bon", "media": ("bon",)}
    offered = Part("fichier", "Le bon Télécharger", links=(f"{UPLOADS}/bon-de-commande.pdf",))
    assert verdict(wanted, offered) is TO_JUDGE
    assert verdict(wanted, Part("fichier", "Télécharger", links=(f"{UPLOADS}/catalogue.pdf",))) is NOT_MET
    assert verdict({"block": "bouton", "text": "Le bon"}, offered) is NOT_MET


def test_a_text_in_two_paragraphs_is_for_a_person_to_judge() -> None:
    wanted = {"block": "paragraphe", "text": "Fermé le lundi. Ouvert le mardi matin."}
    first, second = Part("paragraphe", "Fermé le lundi."), Part("paragraphe", "Ouvert le mardi matin.")
    assert verdict(wanted, first, second) is TO_JUDGE
    assert verdict(wanted, first) is NOT_MET
    assert verdict(wanted, first, replace(second, unseen=HIDDEN)) is NOT_MET
    assert verdict(wanted, first, replace(second, text="Ouvert le mardi soir.")) is NOT_MET


def test_text_link_and_medium_must_be_those_of_one_block() -> None:
    wanted = {"block": "bouton", "text": "Nous écrire", "link": "/contact/"}
    apart = Part("bouton", "Nous écrire", links=(f"{SITE}/a/",)), Part("bouton", "Voir", links=(f"{SITE}/contact/",))
    assert verdict(wanted, *apart) is NOT_MET


def test_a_banner_is_no_picture_and_a_picture_no_banner() -> None:
    banner = Part("bannière", "Écrivez-nous dès aujourd’hui", sources=(f"{UPLOADS}/atelier-1024x683.jpg",))
    behind = image("atelier-1024x683.jpg", banner=True)
    assert verdict({"block": "bannière", "text": "écrivez-nous", "media": ("atelier",)}, banner, behind) is MET
    assert verdict({"block": "image", "media": ("atelier",)}, banner, behind) is NOT_MET
    assert verdict({"block": "bannière", "media": ("atelier",)}, image("atelier.jpg")) is NOT_MET


def test_what_no_visitor_sees_is_for_a_person_to_judge() -> None:
    assert verdict({"block": "calendrier"}, Part("calendrier", unseen=HIDDEN)) is TO_JUDGE
    assert verdict({"block": "calendrier"}, Part("calendrier")) is MET


def test_a_link_to_the_file_without_its_block_is_for_a_person_to_judge() -> None:
    link = Part("lien", "le bon", links=(f"{UPLOADS}/bon-de-commande.pdf",))
    assert verdict({"block": "fichier", "media": ("bon",)}, link) is TO_JUDGE
    assert verdict({"block": "fichier", "media": ("bon",)}, Part("paragraphe", "bon-de-commande")) is NOT_MET


ROWS = (("Lundi", "14 h – 18 h"), ("Samedi", "9 h – 12 h 30"))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (ROWS, MET),
        ((("Jour", "Heures", "Lieu"), ("Samedi", "9h - 12h30", "Atelier"), ("Lundi", "14h-18h", "Atelier")), MET),
        ((("Lundi", "Samedi"), ("14 h – 18 h", "9 h – 12 h 30")), MET),
        ((("Lundi", "9 h – 12 h 30"), ("Samedi", "14 h – 18 h")), NOT_MET),
        ((("Lundi", "14 h – 18 h"),), NOT_MET),
        ((("Lundi", "14 h – 18 h"), ("Samdi", "9 h – 12 h 30")), TO_JUDGE),
        ((("Lumdi", "14 h – 18 h"), ("Samdi", "9 h – 12 h 30")), TO_JUDGE),
        ((("Lundi", "14 h – 18 h"), ("Dimanche", "9 h – 12 h 30")), NOT_MET),
        ((("Lundi", "14 h – 18 h"), ("Samedi", "9 h – 12 h 20")), NOT_MET),
        ((), NOT_MET),
    ],
)
def test_a_table_has_its_rows_in_whatever_order_and_on_its_side(
    rows: tuple[tuple[str, ...], ...], expected: Verdict
) -> None:
    assert table_verdict(ROWS, rows) is expected


VISITS = (("Jour", "Départ", "Guide"), ("Mardi", "10 h", "Yann Lestrade"), ("Jeudi", "14 h", "Soizic Le Bihan"))


@pytest.mark.parametrize(
    ("row", "more", "expected"),
    [
        (VISITS[1], ("Mardi", "14 h", "Soizic Le Bihan"), TO_JUDGE),
        (VISITS[1], ("mardi", "", ""), TO_JUDGE),
        (VISITS[1], ("Mardi", "10h00", "Yann Lestrade"), MET),
        (VISITS[1], ("Samedi", "10 h", "Yann Lestrade"), MET),
        (VISITS[1], ("Jour férié", "fermé", ""), MET),
        (("Mardi", "10 h et 15 h", "Yann Lestrade"), (), TO_JUDGE),
        (("Mardi", "10 h (45 minutes)", "Yann Lestrade"), (), MET),
        (("Mardi", "10 h", "Yann Lestrade, 02 61 91 45 12"), (), MET),
    ],
)
def test_a_table_that_says_something_else_of_a_row_too_is_for_a_person(
    row: tuple[str, ...], more: tuple[str, ...], expected: Verdict
) -> None:
    rows = [VISITS[0], row, VISITS[2], *[more] * bool(more)]
    assert table_verdict(VISITS, rows) is expected
    on_its_side = [[cells[i] if cells else "" for cells in rows] for i in range(3)]
    assert table_verdict(VISITS, on_its_side) is expected


def test_two_rows_of_one_day_may_both_be_asked() -> None:
    twice = (("Mardi", "10 h", "Yann"), ("Mardi", "10 h et 15 h", "Yann"), ("Mardi", "17 h", "Soizic"))
    assert table_verdict(twice, twice) is MET
    assert table_verdict(VISITS, VISITS) is MET


def test_a_feed_in_a_synchronised_pattern_is_a_feed_of_the_content(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"12": '<!-- wp:block {"ref":13} /-->', "13": '<!-- wp:rss {"feedURL":"http://a.test/feed/"} /-->'}
    kept["14"] = '<!-- wp:block {"ref":14} /-->'  # it holds itself
    monkeypatch.setattr(
        parts_module,
        "rest_or_none",
        lambda site, path: (
            {"content": {"raw": raw}} if (raw := kept.get(path.split("?")[0].rpartition("/")[2])) else None
        ),
    )
    raw = "".join(f'<!-- wp:block {{"ref":{one}}} /-->' for one in (12, 14, 15))
    assert feeds_in(parts_module.unfolded(MagicMock(), raw)) == ["http://a.test/feed/"]


def test_a_feed_is_known_by_its_block_and_seen_by_what_came_of_it() -> None:
    raw = '<!-- wp:rss {"feedURL":"http://localhost:8101/feed/","itemsToShow":3} /--> <!-- wp:rss {"columns":2} /-->'
    assert feeds_in(raw) == ["http://localhost:8101/feed/", ""]
    assert feeds_in('<!-- wp:rss {"feedURL":"/feed/",} /-->') == [""]  # written by hand, and badly
    seen = _with_feeds([Part("flux rss", "Un article")], ["http://localhost:8101/feed/"])
    assert verdict({"block": "flux rss", "feed": "/feed/"}, *seen) is MET
    assert verdict({"block": "flux rss", "feed": "/comments/feed/"}, *seen) is NOT_MET
    assert (
        verdict({"block": "flux rss", "feed": "/feed/"}, *_with_feeds([], ["http://localhost:8101/feed/"])) is TO_JUDGE
    )


NEWS = "http://partenaire.test/actualites.rss"


@pytest.mark.parametrize(
    ("feed", "given", "expected"),
    [
        (NEWS, NEWS, MET),
        (NEWS, "http://partenaire.test/", TO_JUDGE),
        (NEWS, "http://www.partenaire.test/nos-nouvelles", TO_JUDGE),
        (NEWS, "http://partenaire.test/salons.rss", NOT_MET),
        (NEWS, "http://partenaire.test/salons.xml", NOT_MET),
        (NEWS, f"{SITE}/actualites/", NOT_MET),
        (NEWS, "http://un-autre.test/", NOT_MET),
        (NEWS, "", NOT_MET),
        ("/feed/", f"{SITE}/feed", MET),
        ("/feed/", f"{SITE}/actualites/", TO_JUDGE),
        ("/feed/", f"{SITE}/comments/feed/", NOT_MET),
        ("/feed/", f"{SITE}/?feed=comments-rss2", NOT_MET),
        ("/feed/", f"{SITE}/category/recettes/feed/atom/", NOT_MET),
    ],
)
def test_a_page_that_leads_to_a_feed_is_for_a_person_to_judge_where_the_block_shows_something(
    feed: str, given: str, expected: Verdict
) -> None:
    wanted = {"block": "flux rss", "feed": feed}
    shown = _with_feeds([Part("flux rss", "Un marché de Noël")], [given])
    assert verdict(wanted, *shown) is expected
    if expected is TO_JUDGE:
        assert "celle d’une page du même site" in judge(BlockWanted.model_validate(wanted), shown, FILES, HERE)[1]
        assert verdict(wanted, *_with_feeds([], [given])) is NOT_MET, "nothing came of it"


@pytest.mark.parametrize(
    "values",
    [
        {"block": "titre"},
        {"block": "calendrier", "text": "mai"},
        {"block": "image"},
        {"block": "tableau", "text": "x"},
        {"block": "flux rss", "link": "/feed/"},
        {"block": "sommaire"},
    ],
)
def test_a_block_is_only_asked_for_what_it_has(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        BlockWanted.model_validate(values)


@pytest.mark.parametrize("check", Blocks.examples())
def test_every_block_has_two_near_misses_or_more(check: Blocks) -> None:
    missed = [miss.fact for miss in check.near_misses()]
    assert all(missed.count(one) >= 2 for one in check.facts())
    assert all(almost(wanted, check.company) for wanted in check.blocks)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("https://maps.google.com/maps?q=14+rue+du+Four&z=12&t=m&output=embed", "14 rue du Four"),
        ("https://www.google.com/maps?q=Quimper&output=embed", "Quimper"),
        ("https://www.google.com/maps/embed?pb=!1m18", ""),
        ("https://www.youtube.com/embed/xyz", None),
        ("https://www.google.com/recaptcha/", None),
    ],
)
def test_a_map_is_known_by_the_address_of_its_frame(source: str, place: str | None) -> None:
    assert place_of(source) == place


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ("14 rue du Four-Banal, 29000 Quimper", MET),
        ("14, Rue du Four Banal 29000 QUIMPER", MET),
        ("Biscuiterie, 14 rue du Four-Banal, Quimper, France", MET),
        ("14 rue du Four-Banale 29000 Quimper", TO_JUDGE),
        ("14 rue du Four-Banal, 29200 Quimper", TO_JUDGE),
        ("14 bis rue du Four-Banal, 29000 Quimper", TO_JUDGE),
        ("4 rue du 14 Juillet, Four-Banal, Quimper", TO_JUDGE),
        ("29000 Quimper, 14 rue du Four-Banal", TO_JUDGE),
        ("rue du Four-Banal 14, 29000 Quimper", TO_JUDGE),
        ("Banal, rue du Four 14 Quimper", TO_JUDGE),
        ("3, 14 rue du Four-Banal, Quimper", TO_JUDGE),
        ("4 rue du Four-Banal, 29000 Quimper", NOT_MET),
        ("Quimper", NOT_MET),
        ("New York, NY", NOT_MET),
    ],
)
def test_an_address_may_be_written_in_several_ways(seen: str, expected: Verdict) -> None:
    assert at_address("14 rue du Four-Banal, 29000 Quimper", seen) is expected


@pytest.mark.parametrize(
    ("wanted", "seen", "expected"),
    [
        ("5 boulevard Dupleix, 29000 Quimper", "5 bd Dupleix, 29000 Quimper", MET),
        ("5 boulevard Dupleix, 29000 Quimper", "5 bld. Dupleix, Quimper", MET),
        ("5 boulevard Dupleix, 29000 Quimper", "5 av. Dupleix, 29000 Quimper", NOT_MET),
        ("3 place Saint-Corentin, 29000 Quimper", "3 pl. St-Corentin, Quimper", MET),
        ("3 place Sainte-Anne, 29000 Quimper", "3 pl. Ste Anne, Quimper", MET),
        ("12 av. de la Gare, 29000 Quimper", "12 avenue de la Gare, Quimper", MET),
        ("12 route de Brest, 29000 Quimper", "12 rte de Brest, Quimper", MET),
        ("12 chemin du Bois, 29000 Quimper", "12 ch. du Bois, Quimper", MET),
    ],
)
def test_the_usual_short_words_of_an_address_are_the_long_ones(wanted: str, seen: str, expected: Verdict) -> None:
    assert at_address(wanted, seen) is expected


def test_a_map_of_another_sort_is_for_a_person_to_judge() -> None:
    check = DynamicMap(content="nos-boutiques", address="14 rue du Four-Banal, 29000 Quimper")
    for address in (
        "https://www.google.com/maps/embed?pb=!1m18",
        "https://www.bing.com/maps/embed?cp=47.99~-4.10",
        "https://maps.google.com/maps?q=47.996,-4.102&output=embed",
    ):
        assert check.judge(parts(Part("cadre", sources=(address,))))[0] is TO_JUDGE
    assert check.judge(parts(Part("cadre", sources=("https://www.youtube.com/embed/xyz",))))[0] is NOT_MET
    assert check.judge(parts())[0] is NOT_MET
    said = check.judge(parts(Part("cadre", sources=("https://maps.google.com/maps?q=47.996,-4.102&output=embed",))))[1]
    assert said.startswith("une carte aux coordonnées « 47.996,-4.102 », sans adresse ; à lire : est-ce l’adresse")
    empty = check.judge(parts(Part("cadre", sources=("about:blank",)), Part("cadre", sources=("https://a.test/x",))))[1]
    assert empty == "aucune carte ; un cadre ne montre rien ; un cadre montre a.test"


@pytest.mark.parametrize(
    ("beside", "shown", "expected"),
    [
        ("New York, NY", True, TO_JUDGE),
        ("New York, NY", False, MET),
        ("6 place du Vieux-Lavoir, Landerneau", True, MET),
    ],
)
def test_a_map_left_where_the_block_proposes_beside_the_right_one_is_for_a_person(
    beside: str, shown: bool, expected: Verdict
) -> None:
    address = "14 rue du Four-Banal, 29000 Quimper"

    def map_of(place: str, shown: bool = True) -> Part:
        source = f"https://maps.google.com/maps?q={place.replace(' ', '+')}&output=embed"
        return Part("cadre", sources=(source,), unseen="" if shown else HIDDEN)

    check = DynamicMap(content="nos-boutiques", address=address)
    assert check.judge(parts(map_of(beside, shown), map_of(address)))[0] is expected
    assert check.judge(parts(map_of("New York, NY")))[0] is NOT_MET


def gallery(*names: str, columns: int = 0) -> Part:
    return Part("galerie", sources=tuple(f"{UPLOADS}/{name}" for name in names), columns=columns)


def test_a_gallery_has_all_its_pictures_and_none_that_was_to_go() -> None:
    check = Gallery(content="c", existing=True, images=("palets",), removed=("atelier",), columns=2)
    assert check.gallery(parts(gallery("palets.jpg", columns=2)), FILES)[0] is MET
    assert check.gallery(parts(gallery("palets.jpg", columns=3)), FILES)[0] is NOT_MET
    assert check.gallery(parts(gallery("palets.jpg", "atelier-300x200.jpg", columns=2)), FILES)[0] is NOT_MET
    assert check.gallery(parts(gallery("palets.jpg", "sables.jpg")), FILES)[0] is MET
    assert check.gallery(parts(gallery("palets.jpg", "sables.jpg", "tarte.jpg")), FILES)[0] is NOT_MET
    both = gallery("palets.jpg", columns=2), gallery("atelier.jpg")
    assert check.gallery(parts(*both), FILES)[0] is NOT_MET
    assert check.gallery(parts(image("palets.jpg")), FILES)[0] is NOT_MET
    said = "galerie « atelier » (2 colonnes) ; « atelier » y est encore ; il manque « palets »"
    assert check.gallery(parts(gallery("atelier-300x200.jpg", columns=2)), FILES)[1] == said
    apart = check.but(removed=(), images=("palets", "sables"))
    said = apart.gallery(parts(gallery("palets.jpg", columns=2), gallery("sables.jpg", columns=2)), FILES)[1]
    assert said.endswith(" ; aucune de ces galeries n’a tout ce qui est demandé")


def of_the_company(*galleries: Part) -> Parts:
    return replace(parts(*galleries), content=content(slug="nos-produits"))


SEEDED = sorted(seeded.galleries(COMPANY, "nos-produits")[0])


def test_more_pictures_taken_out_than_asked_are_for_a_person_to_judge() -> None:
    check = Gallery(content="nos-produits", existing=True, removed=("sachets-papier",))
    left = [one for one in SEEDED if one != "sachets-papier"]
    assert left

    def shown(*media: str) -> Verdict:
        return check.gallery(of_the_company(gallery(*(f"{one}.jpg" for one in media))), FILES)[0]

    assert shown(*left) is MET
    assert shown(*left, "palets") is MET
    assert shown("palets") is TO_JUDGE
    assert shown(*left, "sachets-papier") is NOT_MET


@pytest.mark.parametrize("wanted", [{"images": ("palets",)}, {"columns": 2}, {"images": ("palets",), "columns": 2}])
def test_another_gallery_than_the_one_to_change_is_for_a_person_to_judge(wanted: dict[str, object]) -> None:
    check = Gallery.model_validate({"content": "nos-produits", "existing": True, **wanted})
    old = [f"{one}.jpg" for one in SEEDED]
    changed, another = gallery(*old, "palets.jpg", columns=2), gallery("palets.jpg", "beurre.jpg", columns=2)
    assert check.gallery(of_the_company(changed), FILES)[0] is MET
    assert check.gallery(of_the_company(another, changed), FILES)[0] is MET
    assert check.gallery(of_the_company(another, replace(changed, unseen=HIDDEN)), FILES)[0] is TO_JUDGE
    assert check.gallery(of_the_company(gallery(*old, columns=3)), FILES)[0] is NOT_MET
    verdict, said = check.gallery(of_the_company(gallery(*old, columns=3), another), FILES)
    assert verdict is TO_JUDGE
    assert "une autre galerie que celle du départ" in said
    verdict, said = check.gallery(of_the_company(another), FILES)
    assert verdict is TO_JUDGE
    assert "n’y sont plus, ce qui n’était pas demandé" in said
    made = check.but(existing=False, images=("palets",))
    assert made.gallery(of_the_company(another), FILES)[0] is MET


def test_of_several_galleries_at_first_each_may_be_the_one_that_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    first = [frozenset({"palets", "atelier"}), frozenset({"beurre", "algues"})]
    monkeypatch.setattr(seeded, "galleries", lambda company, slug: first)
    check = Gallery(content="nos-produits", existing=True, images=("sables",))
    other, changed = gallery("palets.jpg", "atelier.jpg"), gallery("beurre.jpg", "algues.jpg", "sables.jpg")
    assert check.gallery(of_the_company(other, changed), FILES)[0] is MET
    assert check.gallery(of_the_company(changed), FILES)[0] is TO_JUDGE
    assert check.gallery(of_the_company(other, gallery("beurre.jpg", "sables.jpg")), FILES)[0] is TO_JUDGE
    fewer = Gallery(content="nos-produits", existing=True, removed=("algues",))
    assert fewer.gallery(of_the_company(other, gallery("beurre.jpg")), FILES)[0] is MET
    assert fewer.gallery(of_the_company(gallery("palets.jpg"), gallery("beurre.jpg")), FILES)[0] is TO_JUDGE


def test_a_link_is_on_the_picture_itself() -> None:
    check = Gallery(content="c", linked=(LinkedImage(media="palets", to="/contact/"),))
    assert check.links(parts(image("palets.jpg", links=(f"{SITE}/contact/",))), FILES, HERE)[0] is MET
    beside = image("palets.jpg"), Part("lien", "ici", links=(f"{SITE}/contact/",))
    assert check.links(parts(*beside), FILES, HERE)[0] is NOT_MET
    assert check.links(parts(image("palets.jpg", links=(f"{UPLOADS}/palets.jpg",))), FILES, HERE)[0] is NOT_MET
    assert check.links(parts(image("atelier.jpg", links=(f"{SITE}/contact/",))), FILES, HERE)[0] is NOT_MET


def test_a_picture_that_is_there_again_without_the_link_is_for_a_person_to_judge() -> None:
    check = Gallery(content="c", linked=(LinkedImage(media="palets", to="/contact/"),))
    right = image("palets.jpg", links=(f"{SITE}/contact/",))
    verdict, said = check.links(parts(right, image("palets-300x200.jpg")), FILES, HERE)
    assert verdict is TO_JUDGE
    assert "montrée 2 fois, dont 1 avec ce lien" in said
    elsewhere = image("palets.jpg", links=(f"{UPLOADS}/palets.jpg",))
    assert check.links(parts(elsewhere, right), FILES, HERE)[0] is TO_JUDGE
    assert check.links(parts(right, right), FILES, HERE)[0] is MET
    assert check.links(parts(right, image("palets.jpg", unseen=HIDDEN)), FILES, HERE)[0] is MET
    assert check.links(parts(elsewhere, elsewhere), FILES, HERE)[0] is NOT_MET
    hidden = check.links(parts(replace(right, unseen=HIDDEN)), FILES, HERE)
    assert hidden == (TO_JUDGE, "« palets » : lien vers /contact/ ; à lire : un visiteur ne voit pas cette image")


def test_a_picture_is_as_wide_as_its_author_made_it_and_perhaps_as_the_theme_draws_it() -> None:
    check = AdjustedImage(content="c", media="palets", width=300, align="right")
    size, align = check.facts()
    assert check.judge(size, [image("palets.jpg", width=300)], FILES)[0] is MET
    assert check.judge(size, [image("palets.jpg", width=304, drawn=304)], FILES)[0] is MET
    assert check.judge(size, [image("palets-300x200.jpg", drawn=300)], FILES)[0] is MET
    assert check.judge(size, [image("palets-300x200.jpg", width=150, drawn=150)], FILES)[0] is NOT_MET
    assert check.judge(size, [image("palets.jpg", width=307, drawn=307)], FILES)[0] is TO_JUDGE
    assert check.judge(size, [image("palets-1024x683.jpg", drawn=300)], FILES)[0] is TO_JUDGE
    assert check.judge(size, [image("palets.jpg", width=560, drawn=560)], FILES)[0] is NOT_MET
    assert check.judge(align, [image("palets.jpg", align="right")], FILES)[0] is MET
    assert check.judge(align, [image("palets.jpg")], FILES)[0] is NOT_MET
    assert check.judge(align, [], FILES)[0] is NOT_MET


@pytest.mark.parametrize(
    ("beside", "expected"),
    [
        ({"width": 560, "align": "right"}, (TO_JUDGE, MET)),
        ({"width": 300}, (MET, TO_JUDGE)),
        ({"width": 300, "align": "right"}, (MET, MET)),
        ({"width": 560, "unseen": HIDDEN}, (MET, MET)),
        ({"width": 560, "banner": True}, (MET, MET)),
    ],
)
def test_a_second_one_of_the_picture_that_is_not_adjusted_is_for_a_person(
    beside: dict[str, object], expected: tuple[Verdict, Verdict]
) -> None:
    check = AdjustedImage(content="c", media="palets", width=300, align="right")
    pictures = [image("palets.jpg", **beside), image("palets.jpg", width=300, align="right")]
    assert tuple(check.judge(one, pictures, FILES)[0] for one in check.facts()) == expected
    if TO_JUDGE in expected:
        size, align = (check.judge(one, pictures, FILES)[1] for one in check.facts())
        assert "montrée 2 fois, dont 1 comme demandé" in f"{size} {align}"


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        ({"stands": "right"}, TO_JUDGE),
        ({"stands": "left"}, NOT_MET),
        ({"stands": "right", "align": "left"}, NOT_MET),
        ({"stands": "left", "align": "right"}, MET),
    ],
)
def test_a_picture_that_columns_place_as_asked_is_for_a_person(placed: dict[str, object], expected: Verdict) -> None:
    check = AdjustedImage(content="c", media="palets", align="right")
    verdict, said = check.judge(check.facts()[0], [image("palets.jpg", **placed)], FILES)
    assert verdict is expected
    assert ("par ce qui l’entoure" in said) is (expected is TO_JUDGE)


def test_no_fact_of_a_picture_is_surely_had_by_one_and_the_other_fact_by_another() -> None:
    check = AdjustedImage(content="c", media="palets", width=300, align="right")
    apart = [image("palets.jpg", width=300), image("palets.jpg", width=560, align="right")]
    assert {check.judge(one, apart, FILES)[0] for one in check.facts()} == {TO_JUDGE}


PALETS = replace(FILES[1], widths={"thumbnail": 150, "medium": 300, "large": 1024, "full": 1200})


@pytest.mark.parametrize(
    ("size", "shown", "expected"),
    [
        ("medium", image("palets-300x200.jpg", size="medium", width=300, drawn=300), MET),
        ("medium", image("palets-300x200.jpg", size="medium"), MET),
        ("medium", image("palets.jpg", size="medium", width=300), MET),
        ("medium", image("palets-300x200.jpg", size="medium", width=560, drawn=560), TO_JUDGE),
        ("medium", image("palets.jpg", size="medium", width=1200, drawn=700), TO_JUDGE),
        ("medium", image("palets.jpg", size="full", width=300, drawn=300), TO_JUDGE),
        ("medium", image("palets-1024x683.jpg", size="large", width=303), TO_JUDGE),
        ("medium", image("palets.jpg", size="full", width=560, drawn=560), NOT_MET),
        ("medium", image("palets.jpg", size="full", width=1200, drawn=300), NOT_MET),
        ("medium", image("palets-1024x683.jpg", size="large", width=1024), NOT_MET),
        ("medium", image("palets-150x150.jpg", size="thumbnail", width=560), NOT_MET),
        ("large", image("palets-1024x683.jpg", size="large", width=1024, drawn=700), MET),
        ("full", image("palets.jpg", size="full", width=1200, drawn=700), MET),
        ("full", image("palets.jpg", size="full", width=560), TO_JUDGE),
        ("medium", image("atelier.jpg", size="medium", width=560), MET),
        ("medium", image("atelier.jpg", size="large", width=300), NOT_MET),
    ],
)
def test_a_size_is_the_chosen_one_and_as_wide_as_its_file(size: str, shown: Part, expected: Verdict) -> None:
    check = AdjustedImage.model_validate({"content": "c", "media": "palets", "size": size})
    verdict, said = check.judge(check.facts()[0], [shown], [FILES[0], PALETS])
    assert verdict is expected
    assert ("à cette taille, le fichier fait" in said) is (expected is TO_JUDGE)


def test_a_size_that_a_picture_is_too_small_for_is_as_wide_as_it_is() -> None:
    check = AdjustedImage(content="c", media="palets", size="large")
    small = replace(PALETS, widths={"thumbnail": 150, "medium": 300, "full": 800})
    assert check.judge(check.facts()[0], [image("palets.jpg", size="full", width=800)], [small])[0] is TO_JUDGE
    assert check.judge(check.facts()[0], [image("palets.jpg", size="full", width=560)], [small])[0] is NOT_MET


def test_a_width_that_is_asked_for_beside_a_size_goes_with_it() -> None:
    check = AdjustedImage(content="c", media="palets", size="medium", width=250)
    size, files = check.facts()[0], [PALETS]
    assert check.judge(size, [image("palets-300x200.jpg", size="medium", width=250)], files)[0] is MET
    assert check.judge(size, [image("palets-300x200.jpg", size="medium", width=300)], files)[0] is NOT_MET
    assert check.judge(size, [image("palets.jpg", size="full", width=250)], files)[0] is NOT_MET


def test_the_library_tells_how_wide_a_picture_is_in_each_size(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = {"medium": {"width": 300, "height": 200}, "full": {"width": 1200}}
    rows = [
        {
            "id": 2,
            "slug": "palets",
            "source_url": f"{UPLOADS}/palets.jpg",
            "media_details": {"width": 1200, "filesize": 20, "sizes": sizes},
        },
        {
            "id": 3,
            "slug": "bon",
            "source_url": f"{UPLOADS}/palets.pdf",
            "media_details": {"sizes": {"medium": {"width": 212}}},
        },
        {"id": 4, "slug": "son", "source_url": f"{UPLOADS}/son.mp3", "media_details": {}},
    ]
    monkeypatch.setattr(library, "rest_all", lambda site, path: rows)
    files = library.library(HERE)
    assert files[0].widths == {"medium": 300, "full": 1200}
    assert library.width_of(f"{UPLOADS}/palets-300x200.jpg", "medium", files[::-1]) == 300
    assert library.width_of(f"{UPLOADS}/palets.jpg", "full", files) == 1200
    assert library.width_of(f"{UPLOADS}/son.mp3", "full", files) == 0


SIZED = {"medium": {"source_url": f"{UPLOADS}/palets-300x200.jpg"}}
ON_THE_PAGE = (
    f'<!-- wp:image {{"id":2,"width":"560px","sizeSlug":"full"}} -->\n<figure class="wp-block-image size-full is-resized">'
    f'<img src="{UPLOADS}/palets.jpg" alt="" class="wp-image-2" style="width:560px"/></figure>\n<!-- /wp:image -->'
)


@pytest.mark.parametrize(
    ("width", "size", "shown"),
    [
        (0, "medium", [f"{UPLOADS}/palets-300x200.jpg", "size-medium", "wp-image-2"]),
        (300, "", [f"{UPLOADS}/palets.jpg", "size-full", "width:300px"]),
        (250, "medium", [f"{UPLOADS}/palets-300x200.jpg", "size-medium", "width:250px"]),
        (0, "", [f"{UPLOADS}/palets.jpg", "size-full"]),
    ],
)
def test_in_the_code_a_size_is_its_file_and_the_width_that_was_there_goes(
    width: int, size: str, shown: list[str]
) -> None:
    editor = MagicMock()
    row = {"id": 2, "slug": "palets", "source_url": f"{UPLOADS}/palets.jpg", "media_details": {"sizes": SIZED}}
    editor.page.evaluate.return_value = [row]
    field = editor.page.locator.return_value
    field.input_value.return_value = ON_THE_PAGE
    image_layout.adjust_code(editor, "palets", width, size, "")
    written = field.fill.call_args.args[0]
    assert [one for one in shown if one not in written] == []
    assert "560px" not in written


@pytest.mark.parametrize(
    ("width", "size", "there", "typed"),
    [(0, "medium", 1, [""]), (300, "", 1, ["300"]), (250, "medium", 1, ["250"]), (0, "medium", 0, []), (0, "", 1, [])],
)
def test_choosing_a_size_empties_the_width_that_the_picture_has(
    width: int, size: str, there: int, typed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_layout, "select_image", MagicMock())
    editor = MagicMock()
    field = editor.settings.return_value.locator.return_value.locator.return_value
    field.count.return_value = there
    image_layout.adjust(editor, "palets", width, size, "")
    assert [call.args[0] for call in field.first.fill.call_args_list] == typed
    assert field.first.press.call_count == len(typed), "it is left, and so kept"


def test_a_text_of_a_medium_stands_in_its_own_field() -> None:
    check = DescribedImage(media="palets", alt="Des palets dorés")
    texts = {"alt": "", "title": "Palets", "caption": "", "description": ""}
    assert check.judge("alt", check.alt, [{**texts, "alt": "des palets dorés."}])[0] is MET  # type: ignore[dict-item]
    assert check.judge("alt", check.alt, [{**texts, "alt": "Des palets bien dorés"}])[0] is not MET  # type: ignore[dict-item]
    found, said = check.judge("alt", check.alt, [{**texts, "caption": "Des palets dorés"}])  # type: ignore[dict-item]
    assert (found, said) == (NOT_MET, "champ vide ; le texte demandé est dans la légende")


@pytest.mark.parametrize(
    ("detail", "shown", "expected"),
    [
        ("alt", Image(f"{UPLOADS}/palets-1024x683.jpg", "Des palets dorés", ""), TO_JUDGE),
        ("caption", Image(f"{UPLOADS}/palets.jpg", "", "Des palets dorés"), TO_JUDGE),
        ("title", Image(f"{UPLOADS}/palets.jpg", "", "", "Des palets dorés"), TO_JUDGE),
        ("title", Image(f"{UPLOADS}/palets.jpg", "Des palets dorés", ""), NOT_MET),
        ("description", Image(f"{UPLOADS}/palets.jpg", "", "Des palets dorés", "Des palets dorés"), NOT_MET),
        ("alt", Image(f"{UPLOADS}/palets.jpg", "", "Des palets dorés"), NOT_MET),
        ("alt", Image(f"{UPLOADS}/atelier.jpg", "Des palets dorés", ""), NOT_MET),
    ],
)
def test_a_text_on_the_picture_in_its_page_is_for_a_person_to_judge(
    detail: str, shown: Image, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {
        "id": 2,
        "slug": "palets",
        "source_url": f"{UPLOADS}/palets.jpg",
        "alt_text": "",
        "title": {"raw": "Palets"},
        "caption": {"raw": ""},
        "description": {"raw": ""},
    }
    page = {"title": {"raw": "Nos palets"}, "content": {"rendered": "…"}}
    monkeypatch.setattr(textes_des_images, "library", lambda site: FILES)
    for module in (textes_des_images, library):
        monkeypatch.setattr(module, "rest_all", lambda site, path: [row] if "/media?" in path else [page])
    monkeypatch.setattr(library, "images_in", lambda site, html: (shown,))
    [found] = DescribedImage.model_validate({"media": "palets", detail: "Des palets dorés"}).verify(answering_site())
    assert found.verdict is expected


def test_a_library_that_its_user_left_as_a_list_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {
        "id": 2,
        "slug": "palets",
        "source_url": f"{UPLOADS}/palets.jpg",
        "alt_text": "Des palets dorés",
        "title": {"raw": "Palets"},
        "caption": {"raw": ""},
        "description": {"raw": ""},
    }
    monkeypatch.setattr(textes_des_images, "library", lambda site: FILES)
    monkeypatch.setattr(textes_des_images, "rest_all", lambda site, path: [row])
    site = answering_site(address=SITE)
    office = site.signed_in.return_value
    office.locator.return_value.wait_for.side_effect = PlaywrightTimeout("a list opens no window")
    [found] = DescribedImage(media="palets", alt="Des palets dorés").verify(site)
    assert found.verdict is MET
    assert office.goto.call_args_list[0].args == (f"{SITE}/wp-admin/post.php?post=2&action=edit",)


def test_a_file_that_was_brought_in_again_is_not_the_library_s() -> None:
    check = MediumShown(content="c", media="palets")
    files = [*FILES, MediaFile(9, "palets-2", "palets-2", 20, "")]
    assert check.judge(parts(image("palets-2.jpg")), files, own=False)[0] is MET
    assert check.judge(parts(image("palets-2.jpg")), files, own=True)[0] is TO_JUDGE
    assert check.judge(parts(image("palets-1024x683.jpg")), files, own=True)[0] is MET
    assert check.judge(parts(image("atelier.jpg")), files, own=False)[0] is NOT_MET


def test_another_photo_of_the_library_costs_the_photo_and_not_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeded, "at_first", lambda company, table, key: frozenset({"palets", "atelier"}))
    monkeypatch.setattr(seeded, "shown_in", lambda company, slug: frozenset())
    check = MediumShown(content="c", media="palets")

    def parts_of(*some: Part, first: bool = True) -> Parts:
        return Parts(content(seeded=first), some, True)

    own = [*FILES, MediaFile(9, "salon", "salon", 20, "")]
    assert check.judge(parts_of(image("atelier.jpg")), own, own=False)[0] is NOT_MET
    assert check.judge(parts_of(image("atelier.jpg")), own, own=True)[0] is TO_JUDGE
    assert check.judge(parts_of(image("salon.jpg")), own, own=True)[0] is NOT_MET, "he brought it in"
    of_his_own = parts_of(image("atelier.jpg"), first=False)
    assert check.judge(of_his_own, own, own=True)[0] is NOT_MET, "another check may ask it there"
    monkeypatch.setattr(seeded, "shown_in", lambda company, slug: frozenset({"atelier"}))
    assert check.judge(parts_of(image("atelier.jpg")), own, own=True)[0] is NOT_MET, "it was there at first"


def test_a_photo_that_is_only_the_featured_picture_is_for_a_person_and_no_film_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lookalikes, "lookalikes_of", lambda site, one, public: [])
    featured = replace(parts(), content=content(featured_media=2))
    for own in (False, True):
        assert MediumShown(content="c", media="palets")._judged(featured, FILES, own, HERE)[0] is TO_JUDGE
        assert MediumShown(content="c", media="atelier")._judged(featured, FILES, own, HERE)[0] is NOT_MET
    film = MediumShown(content="c", media="palets", kind="vidéo")
    assert film._judged(featured, FILES, False, HERE)[0] is NOT_MET


def test_the_same_file_under_another_name_is_for_a_person() -> None:
    own = [*FILES, MediaFile(8, "phare", "phare", 9000, ""), MediaFile(9, "salon", "salon", 9000, "")]
    check = MediumShown(content="c", media="phare")
    assert check.judge(parts(image("salon.jpg")), own, own=False)[0] is TO_JUDGE
    assert check.judge(parts(image("palets.jpg")), own, own=False)[0] is NOT_MET
    wanted = BlockWanted.model_validate({"block": "image", "media": ("phare",)})
    assert judge(wanted, [image("salon.jpg")], own, HERE)[0] is TO_JUDGE


@pytest.mark.parametrize(
    ("wanted", "seen", "expected"),
    [
        ({"block": "bannière", "text": "Noël", "media": ("palets",)}, ("fond", "Noël approche", "palets.jpg"), True),
        ({"block": "bannière", "text": "Noël", "media": ("palets",)}, ("fond", "Pâques", "palets.jpg"), False),
        ({"block": "image", "media": ("palets",)}, ("bannière", "", "palets.jpg"), True),
        ({"block": "image", "media": ("palets",)}, ("bannière", "", "atelier.jpg"), False),
        ({"block": "galerie", "media": ("palets",)}, ("rangée", "", "palets.jpg"), True),
        ({"block": "bouton", "text": "Commander", "media": ("bon",)}, ("encadré", "Commander", ""), False),
        ({"block": "calendrier"}, ("calendrier", "1 2 3", ""), True),
        ({"block": "audio", "media": ("palets",)}, ("vidéo", "", "palets.jpg"), True),
        ({"block": "fichier", "media": ("bon",)}, ("cadre", "", "bon-de-commande.pdf"), True),
        ({"block": "tableau", "rows": (("Lundi", "14 h"),)}, ("colonnes", "Lundi\n14 h", ""), True),
        ({"block": "paragraphe", "text": "14 h"}, ("texte", "Ouvert à 14 h", ""), True),
        ({"block": "titre", "text": "14 h"}, ("texte", "Ouvert à 14 h", ""), False),
    ],
)
def test_what_a_visitor_takes_for_the_block_is_for_a_person(
    wanted: dict[str, object], seen: tuple[str, str, str], expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind, text, source = seen
    there = [Lookalike(kind, text, (f"{UPLOADS}/{source}",))]
    monkeypatch.setattr(lookalikes, "lookalikes_of", lambda site, one, public: there)
    asked = BlockWanted.model_validate(wanted)
    found = Blocks(content="c", blocks=(asked,))._judged(asked, parts(), FILES, HERE)
    assert found[0] is (TO_JUDGE if expected else NOT_MET)
    assert ("à lire" in found[1]) is expected


def test_a_cell_that_denies_its_hours_is_for_a_person() -> None:
    wanted = (("Lundi", "14 h – 18 h"), ("Mardi", "fermé"))
    assert table_verdict(wanted, (("Lundi", "14 h – 18 h"), ("Mardi", "fermé"))) is MET
    assert table_verdict(wanted, (("Lundi", "annulé : 14 h – 18 h"), ("Mardi", "fermé"))) is TO_JUDGE


def test_a_part_stands_below_the_heading_that_is_asked_for() -> None:
    wanted = {"block": "audio", "media": ("palets",), "under": "Nos horaires"}
    there = Part("audio", sources=(f"{UPLOADS}/palets.mp3",), under=("En été", "Nos horaires"), before=60, after=60)
    assert verdict(wanted, there) is MET
    assert verdict(wanted, replace(there, under=("Nos horaire",))) is TO_JUDGE
    assert verdict(wanted, replace(there, under=("Contact",))) is NOT_MET
    assert verdict(wanted, replace(there, under=())) is NOT_MET


def test_a_file_in_another_place_is_not_in_its_own_whatever_leads_to_it() -> None:
    wanted = {"block": "fichier", "media": ("bon",), "at": "fin"}
    address = f"{UPLOADS}/bon-de-commande.pdf"
    first = Part("fichier", sources=(address,), links=(address,), after=90)
    assert verdict(wanted, first, Part("lien", links=(address,), after=90)) is NOT_MET
    assert verdict(wanted, Part("lien", links=(address,), after=90)) is TO_JUDGE


@pytest.mark.parametrize(("words", "expected"), [(0, MET), (25, TO_JUDGE), (26, NOT_MET)])
def test_the_end_of_a_content_is_where_nothing_follows(words: int, expected: Verdict) -> None:
    there = Part("audio", sources=(f"{UPLOADS}/palets.mp3",), before=90, after=words)
    assert verdict({"block": "audio", "media": ("palets",), "at": "fin"}, there) is expected
    turned = replace(there, before=words, after=90)
    assert verdict({"block": "audio", "media": ("palets",), "at": "début"}, turned) is expected


def test_the_place_is_said_with_the_block() -> None:
    wanted = BlockWanted.model_validate({"block": "audio", "media": ("palets",), "under": "Contact", "at": "fin"})
    assert "sous le titre « Contact » et à la fin du contenu" in str(wanted)
    there = Part("audio", sources=(f"{UPLOADS}/palets.mp3",), under=("Nos horaires",), before=60, after=1)
    said = judge(wanted, [there], FILES, HERE)[1]
    assert "sous le titre « Nos horaires », presque rien au-dessous" in said


@pytest.mark.parametrize(
    ("name", "met"),
    [("photo-de-l-equipe", True), ("photo-de-lequipe-1", True), ("photo", False), ("photo-de-l-equipe-de-nuit", False)],
)
def test_a_file_keeps_its_name_as_wordpress_spells_it(name: str, met: bool) -> None:
    assert _same_name("Photo de l’équipe", name) is met


@pytest.mark.parametrize(
    ("file", "stored", "expected"),
    [
        ("IMG_1234.JPG", "IMG_1234.jpg", MET),
        ("verrines.jpg", "verrines.JPG", MET),
        ("verrines.jpg", "verrines.png", TO_JUDGE),
        ("verrines.jpg", "verrines.txt", NOT_MET),
        ("IMG_1234.JPG", "salon.jpg", TO_JUDGE),
    ],
)
def test_a_file_s_ending_is_one_in_whatever_letters(
    file: str, stored: str, expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"id": 9, "source_url": f"{UPLOADS}/{stored}", "title": {"rendered": "Photo"}, "date": "2024-05-01T10:00:00"}
    monkeypatch.setattr(mediatheque, "rest_all", lambda site, path: [row])
    monkeypatch.setattr(contents, "contents", lambda site: [content()])
    [found] = LibraryFile(file=file).verify(answering_site(address=SITE))
    assert found.verdict is expected


@pytest.mark.parametrize(
    ("details", "expected"),
    [({"filesize": 30}, MET), ({"filesize": 31}, TO_JUDGE), ({}, MET), ({"filesize": 9, "original_image": "a"}, MET)],
)
def test_another_file_under_the_right_name_is_for_a_person(
    details: dict[str, object], expected: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"id": 9, "source_url": f"{UPLOADS}/verrines.jpg", "title": {"rendered": "V"}, "media_details": details}
    monkeypatch.setattr(mediatheque, "rest_all", lambda site, path: [row])
    monkeypatch.setattr(contents, "contents", lambda site: [content()])
    site = answering_site(address=SITE)
    site.file.return_value.stat.return_value.st_size = 30
    assert LibraryFile(file="verrines.jpg").verify(site)[0].verdict is expected


@pytest.mark.parametrize(
    ("file", "block"),
    [
        ("IMG_1234.JPG", "image"),
        ("phare.webp", "image"),
        ("ambiance.mp3", "audio"),
        ("atelier.mp4", "video"),
        ("bon.pdf", "file"),
        ("tarifs.xyz", "file"),
    ],
)
def test_a_file_comes_in_by_the_block_of_its_kind(file: str, block: str) -> None:
    assert media_library.block_for(file) == block


#: The entries of the menu that places a picture, in French as its language file has them, and in English.
PLACES = {
    "left": ("Aligner à gauche", "Align left"),
    "center": ("Centrer", "Align center"),
    "right": ("Aligner à droite", "Align right"),
    "wide": ("Grande largeur", "Wide width"),
    "full": ("Pleine largeur", "Full width"),
}


@pytest.mark.parametrize("align", PLACES)
@pytest.mark.parametrize("language", [0, 1])
def test_each_place_of_a_picture_is_one_entry_of_its_menu(align: str, language: int) -> None:
    entries = ["Aucun", *(names[language] for names in PLACES.values()), "Max 800px wide"]
    assert [one for one in entries if image_layout._align_names(align).search(one)] == [PLACES[align][language]]


@pytest.mark.parametrize(
    ("wanted", "seen", "more"),
    [
        ("10 h", "10 h et 15 h", True),
        ("12 €", "12 €, puis 15 €", True),
        ("14 rue du Four-Banal", "14 rue du Four-Banal, 29000 Quimper", False),
        ("15 juin", "samedi 15 juin 2026", False),
        ("7 à 11 ans", "7 à 11 ans (groupe de 8)", False),
        ("02 61 91 45 12", "02 61 91 45 12 (8 h – 18 h)", False),
    ],
)
def test_a_cell_says_more_by_a_second_value_of_the_same_sort(wanted: str, seen: str, more: bool) -> None:
    rows = [["Samedi", wanted], ["Dimanche", "fermé"]]
    verdict = table_verdict(rows, [["Samedi", seen], ["Dimanche", "fermé"]])
    assert verdict is (Verdict.TO_JUDGE if more else Verdict.MET)


@pytest.mark.parametrize("check", [AdjustedImage(content="c", media="m", width=300), *AdjustedImage.examples()])
def test_each_thing_that_is_asked_of_a_picture_is_said(check: AdjustedImage) -> None:
    for fact in check.facts():
        assert "« " in check._expected(fact)


@pytest.mark.parametrize(
    ("seen", "said"),
    [(56916, "pèse 56,9 ko, celui de l’annexe 43,2 ko"), (43190, "n’a pas tout à fait le poids")],
)
def test_files_are_weighed_as_people_do(seen: int, said: str) -> None:
    assert said in _weights(seen, 43183)
