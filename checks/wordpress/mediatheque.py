"""Pictures and films: a file brought into the library."""

import mimetypes
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Annotated, Any, Self

from pydantic import Field

from checks.wordpress.reading import contents, seeded
from checks.wordpress.reading.answers import office_screen, rest_all
from checks.wordpress.reading.contents import plain
from checks.wordpress.reading.library import stem
from checks.wordpress.screens import media_library, stored
from provisioner.french.text import fold, quoted
from provisioner.subject.check import FILES, Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, finding
from provisioner.subject.functionalities import fact

PRESENT = fact("wordpress.image-et-video.bibliotheque", "média présent")


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
        rows = rest_all(site, "wp/v2/media?context=edit&_fields=id,source_url,title,date,media_details")
        oldest = min((content.id for content in contents.contents(site)), default=0)
        brought = [row for row in rows if row["id"] > oldest]
        page = office_screen(site, "upload.php?mode=list")
        shot = site.shot("la médiathèque", page, mark=page.locator("#the-list tr").filter(has_text=self.file))
        expected = f"la médiathèque contient le fichier « {self.file} »"
        wanted = PurePath(self.file)
        ending = wanted.suffix.lower()
        named = [r for r in rows if _same_name(wanted.stem, stem(r["source_url"])) and _ending(r) == ending]
        size = site.file(self.file).stat().st_size
        right = next((row for row in named if _bytes(row) in (0, size)), None) or next(iter(named), None)
        if right:
            observed = f"le fichier « {_name(right)} » y est, sous le titre « {plain(right['title']['rendered'])} »"
            if _bytes(right) in (0, size):
                return [finding(PRESENT, True, expected, observed, shot)]
            other = f"{_weights(_bytes(right), size)} : il est retouché, ou c’est un autre fichier"
            return [Finding(PRESENT, Verdict.TO_JUDGE, expected, f"{observed} ; à lire : {other}", (shot,))]
        observed = f"aucun fichier de ce nom ; fichiers ajoutés : {quoted(map(_name, brought)) or 'aucun'}"
        kind = _kind(self.file)
        if perhaps := [_name(row) for row in brought if _kind(row["source_url"]) == kind]:
            why = f"c’est peut-être {' ou '.join(quoted([one]) for one in perhaps)}, renommé ou converti"
            return [Finding(PRESENT, Verdict.TO_JUDGE, expected, f"{observed} ; à lire : {why}", (shot,))]
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

    def roads(self) -> Sequence[Road]:
        """The file in another format, and another file under its name."""
        name = PurePath(self.file)
        others = [one for one in seeded.files(self.company, name.suffix) if one != name.stem]
        ending = {".jpg": ".jpeg", ".mp3": ".wav"}.get(name.suffix)
        if not others or not ending:
            return ()

        def converted(desk: Desk) -> None:
            stored.bring_again(desk, others[0], f"{name.stem}{ending}")

        def another(desk: Desk) -> None:
            stored.bring_again(desk, others[0], name.name)

        return (
            Road("dans un autre format", PRESENT, converted),
            Road("un autre fichier sous ce nom", PRESENT, another),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A picture and a sound that the company has, and the site not yet."""
        return (cls(file="verrines.jpg"), cls(file="ambiance-fournil.mp3"))


def _name(row: Mapping[str, Any]) -> str:
    """The name of the file that was brought in, which WordPress changes where it makes a large picture smaller."""
    name = PurePath(row["source_url"])
    return f"{name.stem.removesuffix('-scaled')}{name.suffix}"


def _weights(seen: int, wanted: int) -> str:
    """How heavy the file is, and the annexe's."""
    ours, theirs = (f"{size / 1000:.1f}".replace(".", ",") for size in (seen, wanted))
    if ours == theirs:
        return f"le fichier n’a pas tout à fait le poids de celui de l’annexe, {theirs} ko"
    return f"le fichier pèse {ours} ko, celui de l’annexe {theirs} ko"


def _same_name(wanted: str, seen: str) -> bool:
    """Whether a file of that name became that one: WordPress puts hyphens for spaces, a number, a size."""

    def plainly(name: str) -> str:
        return "".join(c for c in fold(name) if c.isalnum())

    ours, theirs = plainly(wanted), plainly(seen.removesuffix("-scaled"))
    return theirs == ours or (theirs.startswith(ours) and theirs[len(ours) :].isdigit() and len(theirs) - len(ours) < 3)


def _ending(row: Mapping[str, Any]) -> str:
    """WordPress writes endings in small letters: IMG_1234.JPG becomes IMG_1234.jpg."""
    return PurePath(row["source_url"]).suffix.lower()


def _bytes(row: Mapping[str, Any]) -> int:
    """How many bytes the file has that was brought in; 0 where that isn't known, as of one that WordPress made smaller."""
    details = row.get("media_details") or {}
    return 0 if details.get("original_image") else details.get("filesize", 0)


def _kind(name: str) -> str:
    """What sort of file that is: a picture, a sound, a film, else its own ending."""
    kind = (mimetypes.guess_type(name, strict=False)[0] or "").partition("/")[0]
    return kind if kind in ("image", "audio", "video") else PurePath(name).suffix.lower()
