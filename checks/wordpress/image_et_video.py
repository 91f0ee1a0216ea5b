"""Pictures and films: how large and where in a content, and what the library says of a picture."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.content_verdicts import Target, findings_of
from checks.wordpress.reading.contents import Content, Image, plain
from checks.wordpress.reading.image_verdicts import ALIGNED, Align, as_wide, image_described, of_size, size_width
from checks.wordpress.reading.library import MediaFile, carried, library, names_of, shows
from checks.wordpress.reading.parts import Part, Parts, parts_of
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens import image_layout, media_library
from checks.wordpress.screens.media_library import Detail
from provisioner.french.text import holds, nearly_holds, quoted, same
from provisioner.subject.check import FILES, Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict
from provisioner.subject.functionalities import fact

SIZE = fact("wordpress.image-et-video.ajuster", "taille")
ALIGN = fact("wordpress.image-et-video.ajuster", "alignement")
DETAILS: dict[Detail, str] = {
    "alt": fact("wordpress.image-et-video.renseigner", "texte alternatif"),
    "title": fact("wordpress.image-et-video.renseigner", "titre"),
    "caption": fact("wordpress.image-et-video.renseigner", "légende"),
    "description": fact("wordpress.image-et-video.renseigner", "description"),
}
_DETAIL_NAMES: dict[Detail, str] = {
    "alt": "le texte alternatif",
    "title": "le titre",
    "caption": "la légende",
    "description": "la description",
}


class AdjustedImage(Check, id="wordpress.image-et-video.adjusted"):
    """Une image d’un contenu a la largeur ou la taille demandée, et se trouve à l’endroit demandé."""

    proves = (SIZE, ALIGN)

    content: Target
    media: Annotated[str, Refers("media.slug", "media.file", FILES)] = Field(
        min_length=1, description="L’identifiant (slug) du média, ou le nom de son fichier sans l’extension."
    )
    width: int = Field(0, ge=0, description="La largeur demandée, en pixels ; 0 quand elle ne l’est pas.")
    size: Literal["", "thumbnail", "medium", "large", "full"] = Field(
        "",
        description="La taille demandée : miniature (thumbnail), moyenne (medium), grande (large), réelle (full). Si "
        "l’image a déjà une largeur, faites-la aussi effacer : la taille choisie seule est à apprécier.",
    )
    align: Align = Field("", description="À gauche (left), au centre (center), à droite (right), wide ou full.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.facts():
            raise ValueError("width, size ou align doit être demandé")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (SIZE,) * bool(self.width or self.size) + (ALIGN,) * bool(self.align)

    def verify(self, site: Site) -> list[Finding]:
        """The picture as the visitor's page draws it."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        parts = parts_of(site, content) if content else None
        if parts is None:
            site.visit("/")
        shot, files = site.shot("le contenu côté visiteur"), library(site)
        pictures = self._pictures(parts, files) if parts else []
        findings = []
        for one in self.facts():
            verdict, observed = self.judge(one, pictures, files)
            if parts and not parts.public:
                observed += f" ; un visiteur ne le voit pas : {parts.content.state(site.taken_at)}"
            findings.append(Finding(one, verdict, self._expected(one), observed, (shot,)))
        return findings

    def judge(self, one: str, pictures: Sequence[Part], files: Sequence[MediaFile]) -> tuple[Verdict, str]:
        """Whether one of the pictures is as wide, or stands where it must."""
        if not pictures:
            return Verdict.NOT_MET, f"« {self.content} » ne montre pas l’image « {self.media} »"
        seen = [(part, self._wide(part, files) if one == SIZE else self._placed(part)) for part in pictures]
        right = [part for part, verdict in seen if verdict is Verdict.MET]
        perhaps = [part for part, verdict in seen if verdict is Verdict.TO_JUDGE]
        observed = " ; ".join(map(image_described, pictures))
        if right and not any(part.shown for part in right):
            return Verdict.TO_JUDGE, f"{observed} ; à lire : un visiteur ne la voit pas"
        if perhaps and not right:
            why = "à peu près de cette largeur, telle que le thème la montre"
            if one == ALIGN:
                why = "placée ainsi par des colonnes ou une rangée, sans alignement de l’image"
            elif not self.width:
                why = "la taille choisie ou la largeur est la bonne, l’autre non"
                why += f" ; à cette taille, le fichier fait {size_width(perhaps[0], self.size, files)} px de large"
            return Verdict.TO_JUDGE, f"{observed} ; à lire : {why}"
        shown = [verdict for part, verdict in seen if part.shown and not part.banner]
        if right and any(verdict is not Verdict.MET for verdict in shown):
            why = f"montrée {len(shown)} fois, dont {shown.count(Verdict.MET)} comme demandé"
            return Verdict.TO_JUDGE, f"{observed} ; à lire : {why}"
        return (Verdict.MET if right else Verdict.NOT_MET), observed

    def _wide(self, part: Part, files: Sequence[MediaFile]) -> Verdict:
        """As wide as was asked; of a size that is asked for alone, as wide as the file is in it."""
        if not self.width:
            return of_size(part, self.size, files)
        return as_wide(part, self.width) if self.size in ("", part.size) else Verdict.NOT_MET

    def _placed(self, part: Part) -> Verdict:
        if part.align == self.align:
            return Verdict.MET
        return Verdict.TO_JUDGE if not part.align and part.stands == self.align else Verdict.NOT_MET

    def _pictures(self, parts: Parts, files: Sequence[MediaFile]) -> list[Part]:
        names = names_of(self.media, files)
        return [p for p in parts.of("image") if any(shows(Image(source, "", ""), names) for source in p.sources)]

    def _expected(self, one: str) -> str:
        if one == ALIGN:
            return f"l’image « {self.media} » de « {self.content} » est placée {ALIGNED[self.align]}"
        size = f" de {self.width} px de large" * bool(self.width) + f" à la taille « {self.size} »" * bool(self.size)
        return f"l’image « {self.media} » de « {self.content} » est{size}"

    def ways(self) -> Sequence[Act]:
        """The picture's own buttons and settings, and the code view."""

        def in_code(desk: Desk) -> None:
            editor = block_screens.open_content(desk, self.content)
            image_layout.adjust_code(editor, self.media, self.width, self.size, self.align)
            editor.save()

        return (Act("réglages de l’image dans l’éditeur", self._adjusted()), Act("dans l’éditeur de code", in_code))

    def near_misses(self) -> Sequence[NearMiss]:
        """Another width, size or side, not kept."""
        unsaved = self._adjusted(save=False)
        found = [NearMiss("éditeur quitté sans mettre à jour", one, unsaved) for one in self.facts()]
        if self.width:
            wider = self.but(width=self.width + 200, align="")
            found.append(NearMiss("une autre largeur", SIZE, wider._adjusted()))
        if self.size:
            other = self.but(size="medium" if self.size != "medium" else "large", align="")
            found.append(NearMiss("une autre taille", SIZE, other._adjusted()))
        if self.width or self.size:
            tiny = self.size != "thumbnail" and not 140 <= self.width <= 160
            instead = self.but(width=0, size="thumbnail" if tiny else "full", align="")
            name = f"la taille {'miniature' if tiny else 'réelle'} choisie à la place"
            found.append(NearMiss(name, SIZE, instead._adjusted()))
        if self.align:
            side = self.but(align="left" if self.align != "left" else "right")
            found.append(NearMiss("de l’autre côté", ALIGN, side._adjusted()))
            found.append(NearMiss("le texte aligné, pas l’image", ALIGN, self._text_aligned))
        return found

    def _text_aligned(self, desk: Desk) -> None:
        editor = block_screens.open_content(desk, self.content)
        image_layout.align_text(editor, self.align)
        editor.save()

    def _adjusted(self, save: bool = True) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            editor = block_screens.open_content(desk, self.content)
            image_layout.adjust(editor, self.media, self.width, self.size, self.align)
            if save:
                editor.save()

        return run

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A picture to be made smaller and put aside; one to be put in the middle, at a size that has a name; a wide one."""
        return (
            cls(content="nos-boutiques", media="boutique-quimper", width=300, align="right"),
            cls(content="nos-boutiques", media="boutique-landerneau", size="medium", align="center"),
            cls(content="nos-boutiques", media="boutique-port-lanvenez", align="wide"),
        )


class DescribedImage(Check, id="wordpress.image-et-video.described"):
    """Un média de la médiathèque porte le texte alternatif, le titre, la légende ou la description demandés."""

    proves = tuple(DETAILS.values())

    media: Annotated[str, Refers("media.slug", "media.file", FILES)] = Field(
        min_length=1, description="L’identifiant (slug) du média, ou le nom de son fichier sans l’extension."
    )
    alt: str = Field("", description="Le texte alternatif ; vide quand il n’est pas demandé.")
    title: str = Field("", description="Le titre ; vide quand il n’est pas demandé.")
    caption: str = Field("", description="La légende ; vide quand elle n’est pas demandée.")
    description: str = Field("", description="La description ; vide quand elle n’est pas demandée.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.details():
            raise ValueError("alt, title, caption ou description doit être demandé")
        return self

    def details(self) -> dict[Detail, str]:
        """The texts that are asked for."""
        texts: dict[Detail, str] = {
            "alt": self.alt,
            "title": self.title,
            "caption": self.caption,
            "description": self.description,
        }
        return {detail: text for detail, text in texts.items() if text}

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return tuple(DETAILS[detail] for detail in self.details())

    def verify(self, site: Site) -> list[Finding]:
        """What the library keeps of the medium, and of the same medium brought in again."""
        fields = "id,slug,source_url,title,caption,description,alt_text"
        rows = rest_all(site, f"wp/v2/media?context=edit&_fields={fields}")
        names = names_of(self.media, library(site))
        fit = [r for r in rows if self.media == r["slug"] or shows(Image(r["source_url"], "", ""), names)]
        page = site.signed_in()
        # Its own sheet: whether the library opens as a grid or as a list is as each user left it.
        page.goto(f"{site.address}/wp-admin/" + (f"post.php?post={fit[0]['id']}&action=edit" if fit else "upload.php"))
        shot = site.shot("le média dans la médiathèque", page)
        findings = []
        for detail, text in self.details().items():
            seen = [_texts(row)[detail] for row in fit]
            expected = f"{_DETAIL_NAMES[detail]} du média « {self.media} » est « {text} »"
            verdict, observed = self.judge(detail, text, [_texts(row) for row in fit])
            if not seen:
                observed = "ce média n’est plus dans la médiathèque"
            if verdict is Verdict.NOT_MET and (places := carried(site, names, detail, text)):
                verdict = Verdict.TO_JUDGE
                observed += f" ; à lire : ce texte est sur l’image même, dans {quoted(places)}"
            findings.append(Finding(DETAILS[detail], verdict, expected, observed, (shot,)))
        return findings

    def judge(self, detail: Detail, text: str, all_texts: Sequence[dict[Detail, str]]) -> tuple[Verdict, str]:
        """Whether one of the files carries the text there, and where else it may stand."""
        seen = [texts[detail] for texts in all_texts]
        observed = " et ".join(f"« {one} »" if one else "vide" for one in seen)
        if any(same(text, one) for one in seen):
            return Verdict.MET, observed
        if any(holds(one, text) or nearly_holds(one, text) for one in seen):
            return Verdict.TO_JUDGE, f"{observed} ; à lire : à un détail près le texte demandé"
        others = [
            _DETAIL_NAMES[d] for texts in all_texts for d, one in texts.items() if d != detail and same(text, one)
        ]
        return Verdict.NOT_MET, observed + (f" ; ce texte est dans {others[0]}" if others else "")

    def ways(self) -> Sequence[Act]:
        """The medium's own screen, and the window of the library."""
        texts = self.details()
        return (
            Act("fiche du média", lambda desk: media_library.describe(desk, self.media, texts)),
            Act("fenêtre de la médiathèque", lambda desk: media_library.describe_in_grid(desk, self.media, texts)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The text in another field, another medium, not kept."""
        texts = self.details()
        instead: dict[Detail, Detail] = {
            "alt": "caption",
            "title": "alt",
            "caption": "description",
            "description": "caption",
        }

        def other(desk: Desk) -> None:
            medium = media_library.other_of_kind(media_library.editor_page(desk), self.media)
            media_library.describe(desk, medium, texts)

        def misplaced(detail: Detail, text: str) -> Callable[[Desk], None]:
            return lambda desk: media_library.describe(desk, self.media, {instead[detail]: text})

        found = []
        for detail, text in texts.items():
            found += [
                NearMiss(f"{_DETAIL_NAMES[detail]} dans un autre champ", DETAILS[detail], misplaced(detail, text)),
                NearMiss(f"sur le média voisin ({_DETAIL_NAMES[detail]})", DETAILS[detail], other),
            ]
        first = next(iter(texts))
        found.append(
            NearMiss(
                "fiche quittée sans mettre à jour",
                DETAILS[first],
                lambda desk: media_library.describe(desk, self.media, texts, save=False),
            )
        )
        return found

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A shop front of which the library says nothing."""
        return (
            cls(
                media="boutique-quimper",
                alt="Vitrine rouge de la boutique de Quimper",
                title="Devanture de la rue du Four-Banal",
                caption="14 rue du Four-Banal, à deux pas de la cathédrale",
                description="Photographie de la devanture, prise depuis la rue piétonne",
            ),
        )


def _texts(row: dict[str, dict[str, str]]) -> dict[Detail, str]:
    return {
        "alt": plain(str(row["alt_text"])),
        "title": plain(row["title"]["raw"]),
        "caption": plain(row["caption"]["raw"]),
        "description": plain(row["description"]["raw"]),
    }
