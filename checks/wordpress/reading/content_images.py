"""The pictures that a content has to show, and their alternative texts."""

from collections.abc import Callable, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from checks.wordpress.reading.content_verdicts import worst
from checks.wordpress.reading.contents import Body, Image
from checks.wordpress.reading.library import COPY, MediaFile, copies_of, names_of, own_name, shows
from checks.wordpress.reading.wording import agreed
from provisioner.french.text import holds, nearly_holds, quoted, same
from provisioner.subject.check import FILES, Refers, Verdict
from provisioner.subject.functionalities import fact

IMAGES = fact("wordpress.contenu.blocs", "image")
ALT = fact("wordpress.image-et-video.renseigner", "texte alternatif")


class ImageWanted(BaseModel):
    """Une image de la médiathèque, et son texte alternatif."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    media: Annotated[str, Refers("media.slug", "media.file", FILES)] = Field(
        min_length=1, description="L’identifiant (slug) du média, ou le nom de son fichier sans l’extension."
    )
    alt: str = Field("", description="Le texte alternatif demandé ; vide quand la question n’en demande pas.")


def images_shown(
    wanted: Sequence[ImageWanted],
    body: Body,
    featured_media: int,
    files: Sequence[MediaFile],
    otherwise: Callable[[str], str] = lambda media: "",
) -> dict[str, tuple[Verdict, str, str]]:
    """What is found of the pictures, and of their alternative texts.

    Astra shows the featured picture above the title, with the library's alternative text, and a visitor sees no
    difference: one that is only there is a person's to judge. So is one that the content shows otherwise, as `otherwise`
    says in French, or from a file of another name that has as many bytes.
    """
    featured = next((file for file in files if file.id == featured_media), None)
    names = {one.media: names_of(one.media, files) for one in wanted}
    own = {one: [image for image in body.images if shows(image, names[one.media])] for one in wanted}
    copied = {one: _copies(one.media, body, files) for one in wanted if not own[one]}
    shown = {one: own[one] or copied[one] for one in wanted}
    above = {one for one in wanted if not shown[one] and featured and featured.stem in names[one.media]}
    only = "que l’image mise en avant du contenu"
    doubts = [agreed((one.media for one in above), f"n’est {only}", f"ne sont {only}")] * bool(above)
    verdicts = [Verdict.MET if own[one] else Verdict.TO_JUDGE if one in above else Verdict.NOT_MET for one in wanted]
    for place, one in enumerate(wanted):
        doubt = "" if own[one] or one in above else COPY if copied[one] else otherwise(one.media)
        if doubt:
            verdicts[place] = Verdict.TO_JUDGE
            doubts.append(f"pour « {one.media} », {doubt}")
    there = quoted(own_name(image.address) for image in body.images)
    seen = (
        f"{'images' if len(body.images) > 1 else 'image'} du texte : {there}" if there else "aucune image dans le texte"
    )
    if featured:
        seen += f" ; image mise en avant : « {featured.stem} »"
    if doubts:
        seen += f" ; à lire : {' ; '.join(doubts)}"
    what = "l’image" if len(wanted) == 1 else "les images"
    images = (worst(verdicts), f"le texte montre {what} {quoted(one.media for one in wanted)}", seen)

    alts, observed = [], []
    for one in (one for one in wanted if one.alt):
        if one in above and featured:
            verdict, why = alt_verdict(one, [Image("", featured.alt, "")], names[one.media], files)
            verdict = worst([verdict, Verdict.TO_JUDGE])
            alt = f"« {featured.alt} »" if featured.alt else "texte alternatif vide"
            observed.append(f"« {one.media} », image mise en avant : {alt}{why}")
        else:
            verdict, why = alt_verdict(one, shown[one], names[one.media], files)
            elsewhere = not shown[one] and any(same(one.alt, image.alt) for image in body.images)
            if elsewhere:  # the wrong picture costs the picture
                verdict, why = Verdict.TO_JUDGE, " ; à lire : une autre image du contenu a ce texte"
            observed.append(f"« {one.media} » : {_alts(shown[one])}{why}")
        alts.append(verdict)
    expected = " ; ".join(f"l’image « {one.media} » a le texte alternatif « {one.alt} »" for one in wanted if one.alt)
    return {IMAGES: images, ALT: (worst(alts), expected, " ; ".join(observed))}


def _copies(media: str, body: Body, files: Sequence[MediaFile]) -> list[Image]:
    """The pictures of the content that are files of another name with as many bytes."""
    copies = copies_of(media, files)
    return [image for image in body.images if shows(image, copies)]


def alt_verdict(
    wanted: ImageWanted, shown: Sequence[Image], names: frozenset[str], files: Sequence[MediaFile]
) -> tuple[Verdict, str]:
    """The verdict on an alternative text, and why a person has to give it."""
    if any(same(wanted.alt, image.alt) for image in shown):
        return Verdict.MET, ""
    if any(nearly_holds(image.alt, wanted.alt) or holds(image.alt, wanted.alt) for image in shown):
        return Verdict.TO_JUDGE, " ; à lire : c’est à un détail près le texte demandé"
    if shown and any(same(wanted.alt, file.alt) for file in files if file.stem in names):
        return Verdict.TO_JUDGE, " ; à lire : la médiathèque a le texte demandé, l’image de ce contenu ne l’a pas"
    return Verdict.NOT_MET, ""


def _alts(images: Sequence[Image]) -> str:
    if not images:
        return "image absente du texte"
    return " et ".join(
        (f"« {i.alt} »" if i.alt else "texte alternatif vide") + (f" (légende : « {i.caption} »)" if i.caption else "")
        for i in images
    )
