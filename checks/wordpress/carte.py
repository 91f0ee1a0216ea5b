"""Contents: a dynamic map, by the block of BoldGrid or by that of Spectra."""

import re
from collections.abc import Callable, Sequence
from typing import ClassVar, Self
from urllib.parse import parse_qs, urlsplit

from pydantic import Field
from rapidfuzz import fuzz

from checks.wordpress.reading import contents
from checks.wordpress.reading.content_verdicts import Target, absent, best, findings_of, worst
from checks.wordpress.reading.contents import Content
from checks.wordpress.reading.parts import Part, Parts, parts_of, unfolded
from checks.wordpress.reading.places import Placed, stands
from checks.wordpress.reading.seeded import title_of
from checks.wordpress.reading.spectra_shown import PLUGIN
from checks.wordpress.reading.stored_blocks import blocks_in, named
from checks.wordpress.screens import block_roads, spectra, spectra_markup, stored
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens.blocks import Piece
from checks.wordpress.screens.content_changes import begin
from checks.wordpress.screens.editor import Editor
from provisioner.french.text import NEARLY, fold
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict
from provisioner.subject.functionalities import fact

MAP = fact("wordpress.contenu.carte", "carte à l’adresse demandée")
GOOGLE_MAP = fact("wordpress.contenu.spectra", "Google Map")
_CODE = re.compile(r"\d{5}")
_COORDINATES = re.compile(r"[-\d.,;°'\"\sNSEWO]+")
_SHORT = {
    **dict.fromkeys(("bd", "bld", "bvd"), "boulevard"),
    **dict.fromkeys(("av", "ave"), "avenue"),
    "pl": "place",
    "rte": "route",
    "ch": "chemin",
    "st": "saint",
    "ste": "sainte",
}
#: Maps of other sites, whose frames don't say their address as a text.
_OTHERS = re.compile(
    r"(^|\.)(bing\.com/maps|mappy\.com|viamichelin\.\w+|waze\.com|maps\.apple\.com|geoportail\.gouv\.fr|mapbox\.com"
    r"|arcgis\.com|umap\.\w+|openstreetmap\.fr)"
)


class MapAtAddress(Check, Placed):
    """What the checks of maps have in common; each knows its block."""

    #: What the block shows until it is told otherwise, and how a jury knows that.
    proposed: ClassVar[str]
    proposed_name: ClassVar[str]

    content: Target
    address: str = Field(min_length=5, description="L’adresse que la carte montre ; le code postal peut manquer.")

    def insert(self, desk: Desk, editor: Editor, address: str, under: str = "", at: str = "") -> None:
        """The block from the list, and the address in its settings; without one, what it proposes stays."""
        raise NotImplementedError

    def markup(self, address: str) -> str:
        """The block as the code editor shows it."""
        raise NotImplementedError

    def doubt(self, site: Site, content: Content) -> str:
        """Why a person has to say whether a map that is right is made by the block; empty where it is."""
        return ""

    def verify(self, site: Site) -> list[Finding]:
        """The addresses of the maps that the visitor's page holds."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        expected = f"« {title_of(self.company, self.content)} » montre une carte à l’adresse « {self.address} »"
        expected += f", {self.place}" if self.placed else ""
        if content is None:
            return absent(site, self.proves, expected)
        parts = parts_of(site, content)
        verdict, observed = self.judge(parts)
        if verdict is Verdict.MET and (why := self.doubt(site, content)):
            verdict, observed = Verdict.TO_JUDGE, f"{observed} ; à lire : {why}"
        shot = site.shot("la page de la carte", mark=site.page.locator("main iframe, main embed"))
        return [Finding(self.proves[0], verdict, expected, observed, (shot,))]

    def judge(self, parts: Parts) -> tuple[Verdict, str]:
        """The best of the maps."""
        frames = [(part, source) for part in parts.of("cadre") for source in part.sources]
        maps = [(part, place) for part, source in frames if (place := place_of(source)) is not None]
        if not maps:
            hosts = dict.fromkeys(urlsplit(source).netloc for _, source in frames)
            shown = "".join(f" ; un cadre {f'montre {host}' if host else 'ne montre rien'}" for host in hosts)
            return Verdict.NOT_MET, f"aucune carte{shown}"
        seen = " ; ".join(f"{_named(place)}{f', {stands(part)}' * self.placed}" for part, place in maps)
        results = [self._match(part, place) for part, place in maps]
        verdict = best([verdict for verdict, _ in results])
        if verdict is Verdict.MET and any(
            part.shown and at_address(self.proposed, place) is Verdict.MET for part, place in maps
        ):
            return Verdict.TO_JUDGE, f"{seen} ; à lire : une autre carte est restée à l’adresse que le bloc propose"
        why = next((why for found, why in results if found is verdict), "")
        return verdict, f"{seen} ; à lire : {why}" if verdict is Verdict.TO_JUDGE else seen

    def _match(self, part: Part, place: str) -> tuple[Verdict, str]:
        """Whether a map is at the address and in its place, and why a person has to say."""
        address, why = at_address(self.address, place), f"« {place} » est à un détail près l’adresse demandée"
        if not place or _COORDINATES.fullmatch(place):
            address, why = Verdict.TO_JUDGE, "est-ce l’adresse demandée que cette carte montre ?"
        elif address is Verdict.MET and not part.shown:
            address, why = Verdict.TO_JUDGE, f"un visiteur ne voit pas cette carte : {part.unseen}"
        there, where = self.place_of(part)
        verdict = worst([address, there])
        return verdict, " ; ".join(said for one, said in ((address, why), (there, where)) if one is verdict)

    def ways(self) -> Sequence[Act]:
        """The block from the list, and its HTML."""

        def in_code(desk: Desk) -> None:
            editor = block_screens.open_content(desk, self.content)
            editor.page.keyboard.press("Control+Shift+Alt+m")
            field = editor.page.locator("textarea.editor-post-text-editor")
            field.fill(block_screens.among(field.input_value(), self.markup(self.address), self.under, self.at))
            editor.save()

        return (
            Act("bloc Map, adresse dans ses réglages", self._put(self.address)),
            Act("dans l’éditeur de code", in_code),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The block's first address, a neighbour's, the address as a text, another page, not kept."""
        one, number = self.proves[0], re.search(r"\d+", self.address)
        other = self.address.replace(number[0], str(int(number[0]) + 20), 1) if number else f"10 {self.address}"

        def as_text(desk: Desk) -> None:
            block_screens.put(desk, self.content, [Piece("paragraph", f"Plan d’accès : {self.address}")])

        def elsewhere(desk: Desk) -> None:
            self._put(self.address, block_screens.neighbour(desk, self.content), placed=False)(desk)

        astray = [NearMiss("sous un autre titre", one, self._put(self.address, placed=False))] * self.placed
        return (
            *astray,
            NearMiss(f"l’adresse que le bloc propose ({self.proposed_name})", one, self._put("")),
            NearMiss("un autre numéro de la rue", one, self._put(other)),
            NearMiss("l’adresse écrite dans le texte", one, as_text),
            NearMiss("la carte dans un autre contenu", one, elsewhere),
            NearMiss("éditeur quitté sans mettre à jour", one, self._put(self.address, save=False)),
        )

    def roads(self) -> Sequence[Road]:
        """The words of the address in another order, a place by its coordinates, a map of another site."""
        one = self.proves[0]
        street, _, town = self.address.partition(", ")
        number, _, name = street.partition(" ")
        frames = {
            "les mots de l’adresse dans un autre ordre": f"{name} {number}, {town}",
            "la ville avant la rue": f"{town}, {street}",
            "des coordonnées": "47.9960,-4.1024",
        }
        found = [Road(said, one, self.in_html(self.markup(place))) for said, place in frames.items()]
        other = '<iframe src="https://www.bing.com/maps/embed?cp=47.996~-4.102&amp;lvl=16"></iframe>'
        return [*found, Road("une carte d’un autre site", one, self.in_html(block_roads.custom(other)))]

    def in_html(self, block: str) -> Callable[[Desk], None]:
        """Store a block where the map must be."""

        def run(desk: Desk) -> None:
            stored.rewrite(desk, self.content, lambda html: block_screens.among(html, block, self.under, self.at))

        return run

    def _put(self, address: str, content: str = "", save: bool = True, placed: bool = True) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            editor = block_screens.open_content(desk, content or self.content)
            self.insert(desk, editor, address, *((self.under, self.at) if placed else ("", "")))
            if save:
                editor.save()

        return run


class DynamicMap(MapAtAddress, id="wordpress.contenu.map"):
    """Une carte dynamique (bloc Map by BoldGrid) montre l’adresse demandée, dans une page ou un article.

    Le poste n’a pas accès à Internet : la carte ne s’y dessine pas. Ce qui est contrôlé est l’adresse du bloc.
    """

    proves = (MAP,)
    proposed = "New York, NY"
    proposed_name = "New York"

    def needs(self) -> Sequence[str]:
        """The block is a plugin's."""
        return ("plugin easy-maps-block",)

    def insert(self, desk: Desk, editor: Editor, address: str, under: str = "", at: str = "") -> None:
        """The block from the list, and the address in its settings."""
        block_screens.put_block(desk, editor, Piece("boldgrid-block-map", under=under, at=at))
        if address:
            editor.settings("block").locator(".block-editor-block-inspector input[type=text]").first.fill(address)

    def markup(self, address: str) -> str:
        """The block with its frame."""
        source = f"https://maps.google.com/maps?q={address.replace(' ', '+')}&amp;z=12&amp;t=m&amp;output=embed"
        return (
            f'<!-- wp:boldgrid-block/map {{"location":"{address}"}} -->\n<div class="wp-block-boldgrid-block-map">'
            f'<iframe src="{source}" style="border:0;height:300px;width:100%"></iframe></div>\n'
            "<!-- /wp:boldgrid-block/map -->"
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One of the shops."""
        return (
            cls(
                content="nos-boutiques",
                address="14 rue du Four-Banal, 29000 Quimper",
                under="Boutique de Quimper",
            ),
        )


class SpectraMap(MapAtAddress, id="wordpress.contenu.spectra_map"):
    """Une carte (bloc Google Maps de Spectra) montre l’adresse demandée, dans une page ou un article.

    Le poste n’a pas accès à Internet : la carte ne s’y dessine pas. Ce qui est contrôlé est l’adresse du bloc.
    """

    proves = (GOOGLE_MAP,)
    proposed = "Brainstorm Force"
    proposed_name = "Brainstorm Force"

    def needs(self) -> Sequence[str]:
        """The block is a plugin's."""
        return (PLUGIN,)

    def insert(self, desk: Desk, editor: Editor, address: str, under: str = "", at: str = "") -> None:
        """The block from the list, and the address in its settings."""
        begin(editor, under, at)
        spectra.put_map(address)(desk, editor)

    def markup(self, address: str) -> str:
        """The block, of which the site makes the frame."""
        return spectra_markup.google_map(address, zoom=15, language="fr")

    def doubt(self, site: Site, content: Content) -> str:
        """The address of a frame doesn't tell whose block it is."""
        raw, _ = contents.stored_html(site, content)
        of_spectra = any(named(blocks_in(unfolded(site, raw)), "uagb/google-map"))
        return "" if of_spectra else "cette carte n’est pas un bloc Google Maps de Spectra"

    def roads(self) -> Sequence[Road]:
        """Those of every map; seen from above; a frame of Google's."""
        source = f"https://maps.google.com/maps?q={self.address.replace(' ', '+')}&amp;output=embed"
        above = spectra_markup.google_map(self.address, enableSatelliteView=True)
        return (
            *super().roads(),
            Road("la vue par satellite", GOOGLE_MAP, self.in_html(above), Verdict.MET),
            Road(
                "un cadre de Google", GOOGLE_MAP, self.in_html(block_roads.custom(f'<iframe src="{source}"></iframe>'))
            ),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One of the shops."""
        return (
            cls(
                content="nos-boutiques",
                address="14 rue du Four-Banal, 29000 Quimper",
                under="Boutique de Quimper",
            ),
        )


def place_of(source: str) -> str | None:
    """What a map shows, by the address of its frame; empty where it can't be read, None for what is no map."""
    parts = urlsplit(source)
    if _OTHERS.search(f"{parts.netloc}{parts.path}"):
        return ""
    if not re.search(r"(^|\.)(google\.[a-z.]+|openstreetmap\.org)$", parts.netloc):
        return None
    if "google" in parts.netloc and not (parts.netloc.startswith("maps.") or parts.path.startswith("/maps")):
        return None
    return " ".join(parse_qs(parts.query).get("q", [""])[0].split())


def _named(place: str) -> str:
    if _COORDINATES.fullmatch(place):
        return f"une carte aux coordonnées « {place} », sans adresse"
    return f"une carte à l’adresse « {place} »" if place else "une carte dont l’adresse ne se lit pas"


def at_address(wanted: str, seen: str) -> Verdict:
    """Whether two addresses are one: signs don't count, and the town does without its code.

    Each part of the address stands together, and the parts in their order; the same words in another order may be another place.
    """
    ours, theirs = _words(wanted), _words(seen)
    needed = [word for word in ours if not _CODE.fullmatch(word)]
    codes = [word for word in theirs if _CODE.fullmatch(word)]
    wrong_code = bool(codes) and not set(codes) & set(ours)
    if set(needed) <= set(theirs):
        # Another number, or a "bis", may be another house.
        more = any(re.search(r"\d|^(bis|ter|quater)$", word) for word in {*theirs} - {*ours, *codes})
        certain = not more and not (wrong_code and len(needed) < len(ours)) and _in_order(wanted, theirs)
        return Verdict.MET if certain else Verdict.TO_JUDGE
    numbers = [word for word in needed if word.isdigit()]
    alike = fuzz.token_set_ratio(" ".join(needed), " ".join(theirs)) >= NEARLY
    return Verdict.TO_JUDGE if alike and set(numbers) <= set(theirs) else Verdict.NOT_MET


def _in_order(wanted: str, theirs: Sequence[str]) -> bool:
    """Whether the parts of an address, between its commas and its code, stand one after the other in these words."""
    rest = f" {' '.join(word for word in theirs if not _CODE.fullmatch(word))} "
    for part in re.split(r",|\b\d{5}\b", wanted):
        if words := _words(part):
            _, found, rest = rest.partition(f" {' '.join(words)} ")
            if not found:
                return False
            rest = f" {rest}"
    return True


def _words(address: str) -> list[str]:
    """Its words, those that are usually cut short in full."""
    return [_SHORT.get(word, word) for word in re.findall(r"\w+", fold(address))]
