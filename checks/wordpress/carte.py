"""Contents: a dynamic map, by the block of BoldGrid."""

import re
from collections.abc import Callable, Sequence
from typing import Self
from urllib.parse import parse_qs, urlsplit

from pydantic import Field
from rapidfuzz import fuzz

from checks.wordpress.reading.content_verdicts import Target, absent, findings_of
from checks.wordpress.reading.contents import Content
from checks.wordpress.reading.parts import Parts, parts_of
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens.blocks import Piece
from checks.wordpress.screens.editor import Editor
from provisioner.french.text import NEARLY, fold
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Site, Verdict
from provisioner.subject.functionalities import fact

MAP = fact("wordpress.contenu.carte", "carte à l’adresse demandée")
#: What the block shows until it is told otherwise.
_PROPOSED = "New York, NY"


class DynamicMap(Check, id="wordpress.contenu.map"):
    """Une carte dynamique (bloc Map by BoldGrid) montre l’adresse demandée, dans une page ou un article.

    Le poste n’a pas accès à Internet : la carte ne s’y dessine pas. Ce qui est contrôlé est l’adresse du bloc.
    """

    proves = (MAP,)

    content: Target
    address: str = Field(min_length=5, description="L’adresse que la carte montre ; le code postal peut manquer.")

    def needs(self) -> Sequence[str]:
        """The block is a plugin's."""
        return ("plugin easy-maps-block",)

    def verify(self, site: Site) -> list[Finding]:
        """The addresses of the maps that the visitor's page holds."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        expected = f"« {self.content} » montre une carte à l’adresse « {self.address} »"
        if content is None:
            return absent(site, (MAP,), expected)
        parts = parts_of(site, content)
        verdict, observed = self.judge(parts)
        if not parts.public:
            observed += f" ; un visiteur ne le voit pas : {content.state(site.taken_at)}"
        return [Finding(MAP, verdict, expected, observed, (site.shot("la page de la carte"),))]

    def judge(self, parts: Parts) -> tuple[Verdict, str]:
        """The best of the maps."""
        frames = [(part, source) for part in parts.of("cadre") for source in part.sources]
        maps = [(part, place) for part, source in frames if (place := place_of(source)) is not None]
        if not maps:
            others = [urlsplit(source).netloc for _, source in frames]
            return Verdict.NOT_MET, "aucune carte" + (f" ; cadres vers {', '.join(others)}" if others else "")
        seen = " ; ".join(f"une carte à l’adresse « {place} »" for _, place in maps)
        results = [
            Verdict.TO_JUDGE if (found := at_address(self.address, place)) is Verdict.MET and not part.shown else found
            for part, place in maps
        ]
        if Verdict.MET in results and any(
            part.shown and at_address(_PROPOSED, place) is Verdict.MET for part, place in maps
        ):
            return Verdict.TO_JUDGE, f"{seen} ; à lire : une autre est restée à l’adresse que le bloc propose"
        for verdict in (Verdict.MET, Verdict.TO_JUDGE):
            if verdict in results:
                return verdict, seen + (" ; à lire" if verdict is Verdict.TO_JUDGE else "")
        if any(not place for _, place in maps):
            return Verdict.TO_JUDGE, f"{seen} ; à lire : une carte d’une autre sorte, dont l’adresse ne se lit pas"
        return Verdict.NOT_MET, seen

    def ways(self) -> Sequence[Act]:
        """The block from the list, and its HTML."""

        def in_code(desk: Desk) -> None:
            editor = block_screens.open_content(desk, self.content)
            editor.page.keyboard.press("Control+Shift+Alt+m")
            field = editor.page.locator("textarea.editor-post-text-editor")
            field.fill(f"{field.input_value()}\n\n{markup(self.address)}")
            editor.save()

        return (
            Act("bloc Map, adresse dans ses réglages", self._put(self.address)),
            Act("dans l’éditeur de code", in_code),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The block's first address, a neighbour's, the address as a text, another page, not kept."""
        number = re.search(r"\d+", self.address)
        other = self.address.replace(number[0], str(int(number[0]) + 20), 1) if number else f"10 {self.address}"

        def as_text(desk: Desk) -> None:
            block_screens.put(desk, self.content, [Piece("paragraph", f"Plan d’accès : {self.address}")])

        def elsewhere(desk: Desk) -> None:
            self._put(self.address, block_screens.neighbour(desk, self.content))(desk)

        return (
            NearMiss("l’adresse que le bloc propose (New York)", MAP, self._put("")),
            NearMiss("un autre numéro de la rue", MAP, self._put(other)),
            NearMiss("l’adresse écrite dans le texte", MAP, as_text),
            NearMiss("la carte dans un autre contenu", MAP, elsewhere),
            NearMiss("éditeur quitté sans mettre à jour", MAP, self._put(self.address, save=False)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One of the shops."""
        return (cls(content="nos-boutiques", address="14 rue du Four-Banal, 29000 Quimper"),)

    def _put(self, address: str, content: str = "", save: bool = True) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            editor = block_screens.open_content(desk, content or self.content)
            insert(desk, editor, address)
            if save:
                editor.save()

        return run


def insert(desk: Desk, editor: Editor, address: str) -> None:
    """The block from the list, and the address in its settings; without one, what it proposes stays."""
    block_screens.put_block(desk, editor, Piece("boldgrid-block-map"))
    if address:
        editor.settings("block").locator(".block-editor-block-inspector input[type=text]").first.fill(address)


def markup(address: str) -> str:
    """The block as the code editor shows it."""
    source = f"https://maps.google.com/maps?q={address.replace(' ', '+')}&amp;z=12&amp;t=m&amp;output=embed"
    return (
        f'<!-- wp:boldgrid-block/map {{"location":"{address}"}} -->\n<div class="wp-block-boldgrid-block-map">'
        f'<iframe src="{source}" style="border:0;height:300px;width:100%"></iframe></div>\n<!-- /wp:boldgrid-block/map -->'
    )


def place_of(source: str) -> str | None:
    """What a map shows, by the address of its frame; empty where it can't be read, None for what is no map."""
    parts = urlsplit(source)
    if not re.search(r"(^|\.)(google\.[a-z.]+|openstreetmap\.org)$", parts.netloc):
        return None
    if "google" in parts.netloc and not (parts.netloc.startswith("maps.") or parts.path.startswith("/maps")):
        return None
    return " ".join(parse_qs(parts.query).get("q", [""])[0].split())


def at_address(wanted: str, seen: str) -> Verdict:
    """Whether two addresses are one: signs and order don't count, and the town does without its code."""
    ours, theirs = _words(wanted), _words(seen)
    needed = [word for word in ours if not re.fullmatch(r"\d{5}", word)]
    codes = [word for word in theirs if re.fullmatch(r"\d{5}", word)]
    wrong_code = bool(codes) and not set(codes) & set(ours)
    if set(needed) <= set(theirs):
        # Another number, or a "bis", may be another house.
        more = any(re.search(r"\d|^(bis|ter|quater)$", word) for word in {*theirs} - {*ours, *codes})
        return Verdict.TO_JUDGE if more or (wrong_code and len(needed) < len(ours)) else Verdict.MET
    numbers = [word for word in needed if word.isdigit()]
    alike = fuzz.token_set_ratio(" ".join(needed), " ".join(theirs)) >= NEARLY
    return Verdict.TO_JUDGE if alike and set(numbers) <= set(theirs) else Verdict.NOT_MET


def _words(address: str) -> list[str]:
    return re.findall(r"\w+", fold(address))
