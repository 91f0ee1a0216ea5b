"""Pictures: what the library says of them."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from checks.wordpress.reading.answers import office_screen, rest_all
from checks.wordpress.reading.contents import Image, plain
from checks.wordpress.reading.library import COPY, MediaFile, carried, copies_of, library, names_of, shows
from checks.wordpress.reading.wording import listed
from checks.wordpress.screens import media_library
from checks.wordpress.screens.media_library import Detail
from provisioner.french.text import holds, nearly_holds, quoted, same
from provisioner.subject.check import FILES, Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict
from provisioner.subject.functionalities import fact

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
#: The field of each on the medium's own sheet.
_FIELDS: dict[Detail, str] = {
    "alt": "#attachment_alt",
    "title": "#titlewrap",
    "caption": "#attachment_caption",
    "description": "#wp-attachment_content-wrap",
}


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
        files = library(site)
        names = names_of(self.media, files)
        fit = [r for r in rows if self.media == r["slug"] or shows(Image(r["source_url"], "", ""), names)]
        # Its own sheet: whether the library opens as a grid or as a list is as each user left it.
        page = office_screen(site, f"post.php?post={fit[0]['id']}&action=edit" if fit else "upload.php")
        shown = page.locator(", ".join(_FIELDS[detail] for detail in self.details()))
        shot = site.shot("le média dans la médiathèque", page, mark=shown)
        findings = []
        for detail, text in self.details().items():
            seen = [_texts(row)[detail] for row in fit]
            expected = f"{_DETAIL_NAMES[detail]} du média « {self.media} » est « {text} »"
            verdict, observed = self.judge(detail, text, [_texts(row) for row in fit])
            if not seen:
                observed = "ce média n’est plus dans la médiathèque"
            if verdict is Verdict.NOT_MET and self._on_a_copy(detail, text, rows, files):
                verdict, observed = Verdict.TO_JUDGE, f"{observed} ; à lire : le texte demandé est sur {COPY}"
            if verdict is Verdict.NOT_MET and (places := carried(site, names, detail, text)):
                verdict = Verdict.TO_JUDGE
                observed += f" ; à lire : le texte demandé est sur l’image même, dans {quoted(places)}"
            findings.append(Finding(DETAILS[detail], verdict, expected, observed, (shot,)))
        return findings

    def _on_a_copy(self, detail: Detail, text: str, rows: Sequence[dict[str, Any]], files: Sequence[MediaFile]) -> bool:
        """Whether a file of another name that has as many bytes carries the text."""
        copies = copies_of(self.media, files)
        others = (row for row in rows if shows(Image(row["source_url"], "", ""), copies))
        return any(same(text, _texts(row)[detail]) for row in others)

    def judge(self, detail: Detail, text: str, all_texts: Sequence[dict[Detail, str]]) -> tuple[Verdict, str]:
        """Whether one of the files carries the text there, and where else it may stand."""
        seen = [texts[detail] for texts in all_texts]
        observed = " et ".join(f"« {one} »" if one else "champ vide" for one in seen)
        if any(same(text, one) for one in seen):
            return Verdict.MET, observed
        if any(holds(one, text) or nearly_holds(one, text) for one in seen):
            return Verdict.TO_JUDGE, f"{observed} ; à lire : c’est, à un détail près, le texte demandé"
        others = [
            _DETAIL_NAMES[d] for texts in all_texts for d, one in texts.items() if d != detail and same(text, one)
        ]
        where = listed(list(dict.fromkeys(others)))
        return Verdict.NOT_MET, observed + (f" ; le texte demandé est dans {where}" if others else "")

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
