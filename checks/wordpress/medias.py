"""Media: a photo, a film or a sound in a content, and a file brought into the library."""

from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Annotated, Literal, Self

from pydantic import Field

from checks.wordpress.reading import contents, seeded
from checks.wordpress.reading.answers import rest_all
from checks.wordpress.reading.content_verdicts import Target, findings_of
from checks.wordpress.reading.contents import Content, Image, plain
from checks.wordpress.reading.library import MediaFile, first_names, library, meant, names_of, shows, stem
from checks.wordpress.reading.parts import Part, Parts, described, parts_of
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens import media_library
from checks.wordpress.screens.blocks import Piece
from provisioner.french.text import fold
from provisioner.subject.check import FILES, Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, finding
from provisioner.subject.functionalities import fact

MediumKind = Literal["photo", "vidéo", "audio"]

USED = fact("wordpress.image-et-video.bibliotheque", "média de la bibliothèque employé")
PRESENT = fact("wordpress.image-et-video.bibliotheque", "média présent")
_PARTS: dict[str, tuple[str, ...]] = {
    "photo": ("image", "bannière"),
    "vidéo": ("vidéo", "bannière"),
    "audio": ("audio",),
}
_BLOCKS: dict[str, str] = {"photo": "image", "vidéo": "video", "audio": "audio"}


class MediumShown(Check, id="wordpress.contenu.medium"):
    """Une photo, une vidéo ou un audio de la médiathèque dans un article ou une page."""

    proves = (*(fact("wordpress.contenu.medias", kind) for kind in ("photo", "vidéo", "audio")), USED)

    content: Target
    kind: MediumKind = Field("photo", description="Une photo, une vidéo ou un audio.")
    media: Annotated[str, Refers("media.slug", "media.file", FILES)] = Field(
        min_length=1, description="L’identifiant (slug) du média, ou le nom de son fichier sans l’extension."
    )
    from_library: bool = Field(
        True, description="Le média attend dans la médiathèque (true) ; false quand la question le fait téléverser."
    )

    def facts(self) -> tuple[str, ...]:
        """The kind of the medium; and that it is the library's, where it waits there."""
        return (fact("wordpress.contenu.medias", self.kind), *((USED,) * self.from_library))

    def verify(self, site: Site) -> list[Finding]:
        """The media as a visitor meets them."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        parts = parts_of(site, content) if content else None
        if parts is None:
            site.visit("/")
        shot, files = site.shot("le contenu côté visiteur"), library(site)
        findings = []
        for one in self.facts():
            verdict, observed = (
                self.judge(parts, files, one == USED) if parts else (Verdict.NOT_MET, "ce contenu n’existe pas")
            )
            if parts and not parts.public:
                observed += f" ; un visiteur ne le voit pas : {parts.content.state(site.taken_at)}"
            what = (
                "le média de la médiathèque"
                if one == USED
                else {"photo": "la photo", "vidéo": "la vidéo"}.get(self.kind, "l’audio")
            )
            findings.append(
                Finding(one, verdict, f"« {self.content} » montre {what} « {self.media} »", observed, (shot,))
            )
        return findings

    def judge(self, parts: Parts, files: Sequence[MediaFile], own: bool) -> tuple[Verdict, str]:
        """Whether a part of that kind shows the medium; `own`: the library's file, not the same brought in again."""
        candidates = parts.of(*_PARTS[self.kind])
        observed = " ; ".join(described(part) for part in candidates) or f"ni {self.kind} ni rien d’approchant"
        names = names_of(self.media, files)
        fit = [p for p in candidates if any(shows(Image(source, "", ""), names) for source in p.sources)]
        if not fit:
            # Astra shows a page's featured picture above its title, and a visitor sees no difference.
            before = self.kind == "photo" and any(
                f.id == parts.content.featured_media for f in meant(self.media, files)
            )
            if before:
                return Verdict.TO_JUDGE, f"{observed} ; à lire : c’est l’image mise en avant du contenu"
            if (
                own and parts.content.seeded and self._of_the_library(parts, candidates, files)
            ):  # which one, is the other fact's
                return Verdict.TO_JUDGE, f"{observed} ; à lire : un autre média de la bibliothèque"
            return Verdict.NOT_MET, observed
        if not any(part.shown for part in fit):
            return Verdict.TO_JUDGE, f"{observed} ; à lire : un visiteur ne le voit pas"
        first = first_names(self.media, files)
        if own and not any(shows(Image(source, "", ""), first) for part in fit for source in part.sources):
            return Verdict.TO_JUDGE, f"{observed} ; à lire : le fichier a été changé ou téléversé une seconde fois"
        return Verdict.MET, observed

    def _of_the_library(self, parts: Parts, candidates: Sequence[Part], files: Sequence[MediaFile]) -> bool:
        """Whether one of these shows a file that waited in the library, and that this content didn't show at first."""
        waited = seeded.at_first("media", "slug") - seeded.shown_in(parts.content.born or parts.content.slug)
        names = [first_names(one, files) for one in waited]
        sources = [Image(source, "", "") for part in candidates for source in part.sources]
        return any(shows(source, one) for source in sources for one in names)

    def ways(self) -> Sequence[Act]:
        """The block from the list, its HTML; of a picture, the one beside a text."""
        piece = Piece(_BLOCKS[self.kind], media=(self.media,))
        ways = [
            Act("avec le bloc de l’éditeur", lambda desk: block_screens.put(desk, self.content, [piece])),
            Act("dans l’éditeur de code", lambda desk: block_screens.put_code(desk, self.content, [piece])),
        ]
        if self.kind != "audio":
            beside = Piece("media-text", media=(self.media,))
            ways.append(
                Act(
                    "bloc Média et texte" if self.kind == "photo" else "bloc Média et texte, avec la vidéo",
                    lambda desk: block_screens.put(desk, self.content, [beside]),
                )
            )
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another medium, another content, only its name, not kept."""
        piece = Piece(_BLOCKS[self.kind], media=(self.media,))
        name = Piece("paragraph", f"Fichier : {self.media}")
        as_file = Piece("file", media=(self.media,))

        def elsewhere(desk: Desk) -> None:
            block_screens.put(desk, block_screens.neighbour(desk, self.content), [piece])

        def put(pieces: Sequence[Piece], save: bool = True) -> Callable[[Desk], None]:
            return lambda desk: block_screens.put(desk, self.content, pieces, save)

        def other(desk: Desk) -> None:
            editor = block_screens.open_content(desk, self.content)
            medium = media_library.other_of_kind(editor.page, self.media)
            block_screens.put_block(desk, editor, Piece(_BLOCKS[self.kind], media=(medium,)))
            editor.save()

        acts = [
            ("dans un autre contenu", elsewhere),
            ("son nom écrit dans le texte", put([name])),
            ("éditeur quitté sans mettre à jour", put([piece], save=False)),
        ]
        if self.kind != "vidéo":
            acts.append(("un autre média", other))
        if self.kind != "photo":
            acts.append(("un fichier à télécharger", put([as_file])))
        return [NearMiss(name, one, run) for one in self.facts()[:1] for name, run in acts] + [
            NearMiss(f"{name} (médiathèque)", one, run) for one in self.facts()[1:] for name, run in acts[:2]
        ]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One of each kind."""
        return (
            cls(content="trois-apprentis-a-l-atelier", media="atelier"),
            cls(content="nos-engagements", kind="vidéo", media="video-atelier", from_library=False),
            cls(content="un-four-neuf", kind="audio", media="ambiance-fournil", from_library=False),
        )


class LibraryFile(Check, id="wordpress.image-et-video.library_file"):
    """Un fichier de l’annexe est dans la médiathèque du site."""

    proves = (PRESENT,)

    file: Annotated[str, Refers("media.file", FILES)] = Field(
        min_length=1,
        description="Le fichier, avec son extension : il est dans le dossier du sujet, et pas encore sur le site.",
    )

    def makes(self) -> Sequence[str]:
        """The medium, by the name of its file."""
        return (PurePath(self.file).stem,)

    def given(self, desk: Desk) -> None:
        """A file that the company's library has is taken out of it first."""
        media_library.delete(desk, self.file)

    def verify(self, site: Site) -> list[Finding]:
        """The library, by the names of its files; one brought in under another name is a person's to judge."""
        rows = rest_all(site, "wp/v2/media?context=edit&_fields=id,source_url,title,date")
        oldest = min((content.id for content in contents.contents(site)), default=0)
        brought = [row for row in rows if row["id"] > oldest]
        page = site.signed_in()
        page.goto(f"{site.address}/wp-admin/upload.php?mode=list", wait_until="domcontentloaded")
        shot = site.shot("la médiathèque", page)
        expected = f"la médiathèque contient le fichier « {self.file} »"
        wanted = PurePath(self.file)
        ending = wanted.suffix.lower()
        right = [r for r in rows if _same_name(wanted.stem, stem(r["source_url"])) and _ending(r) == ending]
        listed = ", ".join(PurePath(row["source_url"]).name for row in brought) or "aucun"
        if right:
            observed = f"« {plain(right[0]['title']['rendered'])} », {PurePath(right[0]['source_url']).name}"
            return [finding(PRESENT, True, expected, observed, shot)]
        observed = f"aucun fichier de ce nom ; fichiers ajoutés : {listed}"
        if any(_ending(row) == ending for row in brought):
            return [Finding(PRESENT, Verdict.TO_JUDGE, expected, f"{observed} ; à lire : renommé ?", (shot,))]
        return [finding(PRESENT, False, expected, observed, shot)]

    def ways(self) -> Sequence[Act]:
        """The screen that adds files, the library's own button, the window of the editor."""
        return (
            Act("Médias > Ajouter", lambda desk: media_library.add(desk, desk.file(self.file))),
            Act("par la médiathèque en grille", lambda desk: media_library.add_in_grid(desk, self.file)),
            Act("depuis un article", lambda desk: media_library.add_in_editor(desk, self.file)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Deleted again, a file of the same name and another kind."""

        def deleted(desk: Desk) -> None:
            media_library.add(desk, desk.file(self.file))
            media_library.delete_newest(desk)

        def another_kind(desk: Desk) -> None:
            name = f"{PurePath(self.file).stem}.txt"
            media_library.add(desk, {"name": name, "mimeType": "text/plain", "buffer": b"Une photo."})

        return (
            NearMiss("téléversé, puis supprimé", PRESENT, deleted),
            NearMiss("un texte du même nom téléversé", PRESENT, another_kind),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A picture and a sound that the company has, and the site not yet."""
        return (cls(file="verrines.jpg"), cls(file="ambiance-fournil.mp3"))


def _same_name(wanted: str, seen: str) -> bool:
    """Whether a file of that name became that one: WordPress puts hyphens for spaces, a number, a size."""

    def plainly(name: str) -> str:
        return "".join(c for c in fold(name) if c.isalnum())

    ours, theirs = plainly(wanted), plainly(seen.removesuffix("-scaled"))
    return theirs == ours or (theirs.startswith(ours) and theirs[len(ours) :].isdigit() and len(theirs) - len(ours) < 3)


def _ending(row: dict[str, str]) -> str:
    """WordPress writes endings in small letters: IMG_1234.JPG becomes IMG_1234.jpg."""
    return PurePath(row["source_url"]).suffix.lower()
