"""Pictures: how large and where in a content."""

from collections.abc import Callable, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.wordpress.reading.content_verdicts import Target, findings_of
from checks.wordpress.reading.contents import Content, Image
from checks.wordpress.reading.image_verdicts import ALIGNED, SIZES, Align, as_wide, image_described, of_size, size_width
from checks.wordpress.reading.library import MediaFile, library, names_of, shows
from checks.wordpress.reading.parts import Part, Parts, parts_of, unseen_verdict
from checks.wordpress.reading.seeded import title_of
from checks.wordpress.reading.wording import of_quoted
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens import image_layout, stored
from provisioner.subject.check import FILES, Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict
from provisioner.subject.functionalities import fact

SIZE = fact("wordpress.image-et-video.ajuster", "taille")
ALIGN = fact("wordpress.image-et-video.ajuster", "alignement")


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
        pictures_shown = site.page.locator(".entry-content img")
        shot, files = site.shot("le contenu côté visiteur", mark=pictures_shown), library(site)
        pictures = self._pictures(parts, files) if parts else []
        findings = []
        for one in self.facts():
            verdict, observed = self.judge(one, pictures, files)
            findings.append(Finding(one, verdict, self._expected(one), observed, (shot,)))
        return findings

    def judge(self, one: str, pictures: Sequence[Part], files: Sequence[MediaFile]) -> tuple[Verdict, str]:
        """Whether one of the pictures is as wide, or stands where it must."""
        if not pictures:
            return Verdict.NOT_MET, f"« {title_of(self.company, self.content)} » ne montre pas l’image « {self.media} »"
        seen = [(part, self._wide(part, files) if one == SIZE else self._placed(part)) for part in pictures]
        right = [part for part, verdict in seen if verdict is Verdict.MET]
        perhaps = [part for part, verdict in seen if verdict is Verdict.TO_JUDGE]
        observed = " ; ".join(map(image_described, pictures))
        if right and not any(part.shown for part in right):
            return unseen_verdict(right, observed)
        if perhaps and not right:
            why = "l’image a à peu près cette largeur, telle que le thème la montre"
            if one == ALIGN:
                why = "l’image est placée ainsi par ce qui l’entoure ou par un style, sans réglage d’alignement"
            elif not self.width:
                why = "la taille choisie ou la largeur est la bonne, l’autre non"
                why += f" ; à cette taille, le fichier fait {size_width(perhaps[0], self.size, files)} px de large"
            return Verdict.TO_JUDGE, f"{observed} ; à lire : {why}"
        shown = [verdict for part, verdict in seen if part.shown and not part.banner]
        if right and any(verdict is not Verdict.MET for verdict in shown):
            why = f"l’image est montrée {len(shown)} fois, dont {shown.count(Verdict.MET)} comme demandé"
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
        around = part.align != self.align and self.align in (part.stands, part.styled)
        return Verdict.TO_JUDGE if around and not part.align else Verdict.NOT_MET

    def _pictures(self, parts: Parts, files: Sequence[MediaFile]) -> list[Part]:
        names = names_of(self.media, files)
        return [p for p in parts.of("image") if any(shows(Image(source, "", ""), names) for source in p.sources)]

    def _expected(self, one: str) -> str:
        if one == ALIGN:
            return f"l’image « {self.media} » {of_quoted(title_of(self.company, self.content))} est placée {ALIGNED[self.align]}"
        wide = [f"fait {self.width} px de large"] * bool(self.width)
        sized = [f"est à la taille « {SIZES[self.size]} »"] if self.size else []
        return f"l’image « {self.media} » {of_quoted(title_of(self.company, self.content))} {' et '.join(wide + sized)}"

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

    def roads(self) -> Sequence[Road]:
        """A place that HTML or a block around it gives."""
        if self.align not in ("left", "center", "right"):
            return ()

        def placed(desk: Desk) -> None:
            stored.rewrite(desk, self.content, lambda html: image_layout.placed_in_html(html, self.media, self.align))

        return (Road("placée par un bloc autour ou par le style", ALIGN, placed),)

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
