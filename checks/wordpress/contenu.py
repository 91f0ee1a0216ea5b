"""Contents: a published article or page with all that is asked of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Annotated, Self
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, model_validator

from checks.wordpress import reading
from checks.wordpress.drafts import LINK, Block, Draft, classify, write, write_code
from checks.wordpress.editor import Editor
from checks.wordpress.pages import Kind, move_to_trash
from checks.wordpress.reading import Body, Content, Image
from provisioner.check import FILES, Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, finding
from provisioner.config import fact
from provisioner.text import holds, same, words

POST = fact("wordpress.contenu.publier", "créer et publier un article")
PAGE = fact("wordpress.contenu.publier", "créer et publier une page")
LENGTH = fact("wordpress.contenu.rediger", "longueur demandée")
ELEMENTS = fact("wordpress.contenu.rediger", "éléments de l’annexe repris")
LANGUAGE = fact("wordpress.contenu.rediger", "langue (à apprécier)")
HEADINGS = fact("wordpress.contenu.blocs", "titre")
IMAGES = fact("wordpress.contenu.blocs", "image")
ALT = fact("wordpress.image-et-video.renseigner", "texte alternatif")
INTERNAL = fact("wordpress.contenu.liens", "lien interne")
EXTERNAL = fact("wordpress.contenu.liens", "lien externe")
TAGS = fact("wordpress.referencement.balises", "étiquettes")

_TITLES = ("Ce qui vous attend", "Bon à savoir", "Pour venir nous voir", "Nos idées", "Et ensuite")
_FILLER = (
    "Toute l’équipe vous attend avec plaisir et vous fera partager son savoir-faire dans une ambiance chaleureuse, "
    "où petits et grands pourront goûter, comparer, poser leurs questions et repartir avec quelques gourmandises "
    "choisies parmi celles que nous préparons chaque matin avec des matières premières de la région."
)
#: A heading block of any level below the article's own title.
_SUBTITLES = range(2, 7)


class ImageWanted(BaseModel):
    """Une image de la médiathèque, et son texte alternatif."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    media: Annotated[str, Refers("media.slug", "media.file", FILES)] = Field(
        min_length=1, description="L’identifiant (slug) du média, ou le nom de son fichier sans l’extension."
    )
    alt: str = Field("", description="Le texte alternatif demandé ; vide quand la question n’en demande pas.")


class PublishedContent(Check, id="wordpress.contenu.published_content"):
    """Un article ou une page, nouveau, publié et conforme aux consignes.

    Longueur, éléments de l’annexe, sous-titres, images, liens, catégories et étiquettes : seul est contrôlé ce
    qui est demandé. Le titre doit être celui d’un contenu que le site n’a pas au départ.
    """

    proves = (POST, PAGE, LENGTH, ELEMENTS, LANGUAGE, HEADINGS, IMAGES, ALT, INTERNAL, EXTERNAL, TAGS)

    title: str = Field(min_length=1, description="Le titre de l’article ou de la page.")
    kind: Kind = Field("post", description="Un article (post) ou une page (page).")
    min_words: int = Field(0, ge=0, description="Le nombre de mots minimal du texte ; 0 : pas de minimum.")
    max_words: int = Field(0, ge=0, description="Le nombre de mots maximal du texte ; 0 : pas de maximum.")
    elements: tuple[str, ...] = Field(
        (), description="Ce que le texte doit reprendre : accents, majuscules, « 12,50 € » ou « 12.50 euros », "
        "« 14 h » ou « 14h00 » ne comptent pas."
    )  # fmt: skip
    categories: tuple[Annotated[str, Refers("categories.name")], ...] = Field(
        (), description="Les noms des catégories de l’article ; d’autres sont admises."
    )
    tags: tuple[str, ...] = Field((), description="Les étiquettes de l’article ; d’autres sont admises.")
    headings: int = Field(0, ge=0, description="Le nombre minimal de sous-titres (blocs Titre de niveau H2 à H6).")
    images: tuple[ImageWanted, ...] = Field((), description="Les images de la médiathèque que le texte doit montrer.")
    links: tuple[Annotated[str, Refers("pages.slug", "posts.slug", "categories.slug", "tags.slug")], ...] = Field(
        (), description="Les liens du texte : un chemin du site (« /contact/ ») ou l’adresse entière d’un autre site."
    )

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.kind == "page" and (self.categories or self.tags):
            raise ValueError("une page n’a ni catégorie ni étiquette")
        if self.max_words and self.max_words < self.min_words:
            raise ValueError("max_words est plus petit que min_words")
        return self

    def facts(self) -> tuple[str, ...]:
        """What these values ask for."""
        asked = {
            POST: self.kind == "post",
            PAGE: self.kind == "page",
            LENGTH: bool(self.min_words or self.max_words),
            ELEMENTS: bool(self.elements),
            LANGUAGE: self.min_words > 0,
            HEADINGS: self.headings > 0,
            IMAGES: bool(self.images),
            ALT: any(image.alt for image in self.images),
            INTERNAL: any(link.startswith("/") for link in self.links),
            EXTERNAL: any(not link.startswith("/") for link in self.links),
            TAGS: bool(self.tags),
        }
        return tuple(one for one in self.proves if asked[one])

    def makes(self) -> Sequence[str]:
        """The article or page."""
        return (self.title,)

    # --- the verdict --------------------------------------------------------------------------

    def verify(self, site: Site) -> list[Finding]:
        """The article as a visitor reads it; of one that he can't see, what its editor holds."""
        found = reading.contents(site)
        named = reading.titled(found, self.title, self.kind, site.taken_at)
        near = None if named else reading.nearly_titled(found, self.title)
        content = named[0] if named else near
        if content is None:
            site.visit(f"/?s={quote(self.title)}")
            return self._absent(site.shot("recherche du titre"), found)
        body, seen = reading.read(site, content)
        shot = site.shot("le contenu côté visiteur")
        note = site.note("le texte et ce qu’il contient", _reading_aid(content, body, site.taken_at))
        results = {
            self.facts()[0]: self._publication(site, content, seen, named),
            LENGTH: self._length(body),
            ELEMENTS: self._elements(body, content),
            LANGUAGE: (Verdict.TO_JUDGE, "un texte correct, professionnel et adapté à l’entreprise",
                       f"{_counted(words(body.text), 'mot')} à relire (voir la note)"),
            HEADINGS: self._headings(body),
            TAGS: self._tags(content),
        }  # fmt: skip
        if self.images:
            results |= self._images(site, body, content)
        for kind in {INTERNAL, EXTERNAL}.intersection(self.facts()):
            results[kind] = self._links(site, body, kind)
        return [Finding(one, *results[one], (shot, note)) for one in self.facts()]

    def _absent(self, shot: str, found: Sequence[Content]) -> list[Finding]:
        newest = f" ; le plus récent est {found[0]}" if found else ""
        return [
            finding(one, False, f"un contenu intitulé « {self.title} »", f"aucun ne porte ce titre{newest}", shot)
            if one != LANGUAGE
            else Finding(one, Verdict.TO_JUDGE, "un texte correct, professionnel", "aucun texte à ce titre", (shot,))
            for one in self.facts()
        ]

    def _publication(
        self, site: Site, content: Content, seen: bool, named: Sequence[Content]
    ) -> tuple[Verdict, str, str]:
        what = "article publié" if self.kind == "post" else "page publiée"
        expected = f"{what} sous le titre « {self.title} »" + _listed(", dans la catégorie", self.categories)
        missing = [name for name in self.categories if not any(same(name, seen) for seen in content.categories)]
        observed = [f"{content}, {content.state(site.taken_at)}"]
        met = content.public(site.taken_at) and content.kind == self.kind and not missing
        if content.public(site.taken_at) and content.status == "publish" and not seen:
            met = False
            observed.append("mais un visiteur ne le voit pas à son adresse")
        if content.kind != self.kind:
            observed.append("ce n’est pas un article" if self.kind == "post" else "ce n’est pas une page")
        if self.categories:
            observed.append("classé dans " + (_quoted(content.categories) or "aucune catégorie"))
        others = [c for c in named if c is not content]
        if others:
            observed.append("portent aussi ce titre : " + ", ".join(f"{c} ({c.state(site.taken_at)})" for c in others))
        if met and not named:
            return Verdict.TO_JUDGE, expected, " ; ".join([*observed, "titre différent, à apprécier"])
        return _verdict(met), expected, " ; ".join(observed)

    def _length(self, body: Body) -> tuple[Verdict, str, str]:
        count = words(body.text)
        met = count >= self.min_words and (not self.max_words or count <= self.max_words)
        bounds = [f"au moins {self.min_words}"] * bool(self.min_words) + [f"au plus {self.max_words}"] * bool(
            self.max_words
        )
        return _verdict(met), f"{' et '.join(bounds)} mots, sans le titre", _counted(count, "mot")

    def _elements(self, body: Body, content: Content) -> tuple[Verdict, str, str]:
        read = f"{content.title}\n{body.text}"
        missing = [element for element in self.elements if not holds(read, element)]
        observed = f"il manque {_quoted(missing)}" if missing else "tous y sont"
        return _verdict(not missing), f"le texte reprend {_quoted(self.elements)}", observed

    def _headings(self, body: Body) -> tuple[Verdict, str, str]:
        found = [(level, text) for level, text in body.headings if level in _SUBTITLES]
        seen = ", ".join(f"« {text} » (H{level})" for level, text in body.headings) or "aucun bloc Titre"
        expected = f"au moins {_counted(self.headings, 'sous-titre')} (bloc Titre, H2 ou H3)"
        return _verdict(len(found) >= self.headings), expected, seen

    def _tags(self, content: Content) -> tuple[Verdict, str, str]:
        missing = [tag for tag in self.tags if not any(same(tag, seen) for seen in content.tags)]
        observed = f"étiquettes : {_quoted(content.tags)}" if content.tags else "aucune étiquette"
        if missing:
            observed += f" ; il manque {_quoted(missing)}"
        return _verdict(not missing), f"étiquettes {_quoted(self.tags)}", observed

    def _images(self, site: Site, body: Body, content: Content) -> dict[str, tuple[Verdict, str, str]]:
        files = reading.library(site)
        names = {wanted.media: reading.names_of(wanted.media, files) for wanted in self.images}
        shown = {wanted: [i for i in body.images if reading.shows(i, names[wanted.media])] for wanted in self.images}
        missing = [wanted.media for wanted in self.images if not shown[wanted]]
        seen = ", ".join(reading.stem(i.address) for i in body.images) or "aucune image dans le texte"
        featured = next((f for f in files if f.id == content.featured_media), None)
        if featured:
            seen += f" ; image mise en avant : {featured.stem}"
        images = (_verdict(not missing), f"le texte montre {_quoted([w.media for w in self.images])}", seen)

        alts, observed = [], []
        for wanted in (w for w in self.images if w.alt):
            alts.append(_alt_verdict(wanted, shown[wanted], names[wanted.media], files))
            observed.append(f"{wanted.media} : {_alts(shown[wanted])}")
        worst = next((v for v in (Verdict.NOT_MET, Verdict.TO_JUDGE) if v in alts), Verdict.MET)
        if worst is Verdict.TO_JUDGE:
            observed.append("le texte demandé est dans la médiathèque, mais pas sur l’image de ce contenu")
        expected = _quoted([f"{w.media} : {w.alt}" for w in self.images if w.alt])
        return {IMAGES: images, ALT: (worst, f"texte alternatif {expected}", " ; ".join(observed))}

    def _links(self, site: Site, body: Body, kind: str) -> tuple[Verdict, str, str]:
        wanted = [link for link in self.links if link.startswith("/") == (kind == INTERNAL)]
        targets = [reading.followed(site, link.address) for link in body.links]
        missing = [w for w in wanted if not any(reading.leads_to(target, w, site.address) for target in targets)]
        seen = ", ".join(f"« {link.text} » vers {link.address.removeprefix(site.address)}" for link in body.links)
        return (
            _verdict(not missing),
            f"un lien vers {_quoted(wanted)} dans le texte",
            seen or "aucun lien dans le texte",
        )

    # --- the work -----------------------------------------------------------------------------

    def ways(self) -> Sequence[Act]:
        """The editor's blocks; its code view; tags and categories after publishing, in the list."""

        def in_code(desk: Desk) -> None:
            write_code(desk, self._draft()).publish()

        def then_in_the_list(desk: Desk) -> None:
            draft = self._draft()
            editor = write(desk, replace(draft, categories=(), tags=()))
            editor.publish()
            classify(desk, draft, editor.slug)

        def found_again(desk: Desk) -> None:
            editor = write(desk, self._draft())
            editor.save()
            Editor.open(desk, editor.number).publish()

        ways = [
            Act("avec les blocs de l’éditeur", lambda desk: write(desk, self._draft()).publish()),
            Act("dans l’éditeur de code", in_code),
            Act("enregistré comme brouillon, rouvert puis publié", found_again),
        ]
        if self.categories or self.tags:
            ways.append(Act("classé après la publication, par la modification rapide", then_in_the_list))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Not quite public, not quite long enough, not quite the right picture, link or tag."""
        return [*self._unpublished(), *self._short(), *self._plain(), *self._astray(), *self._misfiled()]

    def _unpublished(self) -> list[NearMiss]:
        wanted, other_name = (POST, "une page") if self.kind == "post" else (PAGE, "un article")
        other: Kind = "page" if self.kind == "post" else "post"

        def pending(editor: Editor) -> None:
            editor.ask_for_review()
            editor.save()

        def planned(editor: Editor) -> None:
            editor.plan(datetime.now() + timedelta(days=1))
            editor.publish()

        def protected(editor: Editor) -> None:
            editor.protect("biscuit")
            editor.publish()

        def misses(name: str, last: Callable[[Editor], None]) -> NearMiss:
            return NearMiss(name, wanted, lambda desk: last(write(desk, self._brief())))

        def trashed(desk: Desk) -> None:
            editor = write(desk, self._brief())
            editor.publish()
            move_to_trash(desk, self.kind, editor.number)

        return [
            misses("laissé en brouillon", Editor.save),
            misses("publié en privé", Editor.publish_privately),
            misses("programmé pour le lendemain", planned),
            misses("en attente de relecture", pending),
            misses("protégé par un mot de passe", protected),
            NearMiss("mis à la corbeille", wanted, trashed),
            NearMiss(f"publié comme {other_name}", wanted, self._published(
                lambda draft: replace(draft, kind=other, categories=(), tags=()))),
        ]  # fmt: skip

    def _short(self) -> list[NearMiss]:
        found = []
        if self.min_words:
            short = self.but(min_words=self.min_words - 1, max_words=self.min_words - 1)
            titled = self.but(min_words=self.min_words - words(self.title), max_words=0)
            found += [
                NearMiss("un mot de moins que demandé", LENGTH, short._published()),
                NearMiss("la longueur n’y est qu’avec le titre", LENGTH, titled._published()),
            ]
        if self.max_words:
            long = self.but(min_words=self.max_words + 1, max_words=self.max_words + 1)
            found.append(NearMiss("un mot de plus que demandé", LENGTH, long._published()))
        absent = next((e for e in self.elements if not holds(self.title, e)), None)
        if absent:
            rest = self.but(elements=tuple(e for e in self.elements if e != absent))
            found += [
                NearMiss(f"sans « {absent} »", ELEMENTS, rest._published()),
                NearMiss(f"« {absent} » dans l’extrait seulement", ELEMENTS, rest._published(
                    lambda draft: replace(draft, excerpt=f"À retenir : {absent}."))),
            ]  # fmt: skip
        for right in self.elements:
            if wrong := _misread(right):
                others = self.but(elements=tuple(wrong if e == right else e for e in self.elements))
                found.append(NearMiss(f"« {wrong} » pour « {right} »", ELEMENTS, others._published()))
                break
        return found

    def _plain(self) -> list[NearMiss]:
        if not self.headings:
            return []
        fewer = self.but(headings=self.headings - 1)
        return [
            NearMiss("sous-titres en paragraphes gras", HEADINGS, self._published(
                lambda draft: replace(draft, blocks=tuple(
                    replace(b, kind="bold") if b.kind == "heading" else b for b in draft.blocks)))),
            NearMiss("un sous-titre de moins", HEADINGS, fewer._published()),
        ]  # fmt: skip

    def _astray(self) -> list[NearMiss]:
        def with_text(text: str) -> Callable[[Draft], Draft]:
            return lambda draft: draft.with_text(f"Adresse : {text}")

        found = []
        for kind, elsewhere in ((INTERNAL, "/contact/"), (EXTERNAL, "https://www.exemple.test/")):
            wanted = [link for link in self.links if link.startswith("/") == (kind == INTERNAL)]
            if not wanted:
                continue
            if wanted[0].strip("/") == "contact":
                elsewhere = "/nos-produits/"
            neighbour = self.but(links=tuple(elsewhere if link == wanted[0] else link for link in self.links))
            dead = self.but(links=tuple("#" if link == wanted[0] else link for link in self.links))
            typed = self.but(links=tuple(link for link in self.links if link != wanted[0]))
            found += [
                NearMiss("lien vers l’adresse voisine", kind, neighbour._published()),
                NearMiss("lien vers « # »", kind, dead._published()),
                NearMiss("adresse écrite sans lien", kind, typed._published(with_text(wanted[0].strip("/")))),
            ]
        if self.images:

            def featured(draft: Draft) -> Draft:
                return replace(draft, blocks=tuple(b for b in draft.blocks if b.kind != "image"),
                               featured=self.images[0].media)  # fmt: skip

            def neighbour_image(draft: Draft) -> Draft:
                return draft.with_image(lambda block: replace(block, others=True))

            found += [
                NearMiss("l’image voisine", IMAGES, self._published(neighbour_image)),
                NearMiss("en image mise en avant seulement", IMAGES, self._published(featured)),
            ]
        if any(image.alt for image in self.images):

            def in_caption(draft: Draft) -> Draft:
                return draft.with_image(lambda block: replace(block, alt="", caption=block.alt or ""))

            def left_out(draft: Draft) -> Draft:
                return draft.with_image(lambda block: replace(block, alt=None))

            found += [
                NearMiss("texte alternatif écrit dans la légende", ALT, self._published(in_caption)),
                NearMiss("texte alternatif laissé tel quel", ALT, self._published(left_out)),
            ]
        return found

    def _misfiled(self) -> list[NearMiss]:
        found = []
        if self.categories:
            other = "Recettes" if not same(self.categories[0], "Recettes") else "Événements"
            found += [
                NearMiss("dans la catégorie voisine", POST, self._published(
                    lambda draft: replace(draft, categories=(other,)), brief=True)),
                NearMiss("sans catégorie choisie", POST, self._published(
                    lambda draft: replace(draft, categories=()), brief=True)),
            ]  # fmt: skip
        if self.tags:
            found += [
                NearMiss("une étiquette créée comme catégorie", TAGS, self._published(
                    lambda draft: replace(draft, tags=draft.tags[1:], new_categories=draft.tags[:1]), brief=True)),
                NearMiss("une étiquette oubliée", TAGS, self._published(
                    lambda draft: replace(draft, tags=draft.tags[:-1]), brief=True)),
                NearMiss("étiquettes écrites dans le texte", TAGS, self._published(
                    lambda draft: replace(draft, tags=()).with_text(" ".join(f"#{t}" for t in draft.tags)), brief=True)),
            ]  # fmt: skip
        return found

    def _published(
        self, change: Callable[[Draft], Draft] = lambda draft: draft, brief: bool = False
    ) -> Callable[[Desk], None]:
        """Write the article with something changed, and publish it."""
        return lambda desk: write(desk, change(self._brief() if brief else self._draft())).publish()

    def _brief(self) -> Draft:
        """The article without what takes long to write and isn't the point."""
        return replace(self._draft(), blocks=(Block("paragraph", "Un texte court."),), tags=self.tags)

    def _draft(self) -> Draft:
        """What a candidate would write: exactly as long as asked, with all that is asked."""
        titles = islice(cycle(_TITLES), self.headings)
        parts = [Block("heading", text) for text in titles]
        parts[1:1] = [Block("image", media=i.media, alt=i.alt or None) for i in self.images]
        if self.elements:
            parts.insert(1, Block("paragraph", f"À retenir : {' ; '.join(self.elements)}."))
        parts += [Block("paragraph", "Pour en savoir plus :", link=link) for link in self.links]
        so_far = sum(words(f"{b.text} {LINK if b.link else ''}") for b in parts)
        length = max((self.min_words or self.max_words or so_far + 12) - so_far, 1)
        parts.insert(0, Block("paragraph", " ".join(islice(cycle(_FILLER.split()), length))))
        return Draft(self.title, self.kind, tuple(parts), self.categories, self.tags)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An article with everything, and a page."""
        return (
            cls(
                title="Nos biscuits au marché de Noël",
                min_words=150,
                elements=("samedi 12 décembre", "14 h", "halle du port", "12,50 €"),
                categories=("Événements",),
                tags=("marché de Noël", "sablés"),
                headings=2,
                images=(ImageWanted(media="coffret-decouverte", alt="Un coffret de biscuits noué d’un ruban rouge"),),
                links=("/nos-boutiques/", "https://www.marche-du-port.test/programme"),
            ),
            cls(
                title="Visiter l’atelier",
                kind="page",
                min_words=60,
                max_words=80,
                elements=("02 61 91 45 12",),
                headings=1,
                images=(ImageWanted(media="atelier"),),
            ),
        )


def _alt_verdict(
    wanted: ImageWanted, shown: Sequence[Image], names: frozenset[str], files: Sequence[reading.MediaFile]
) -> Verdict:
    if any(same(wanted.alt, image.alt) for image in shown):
        return Verdict.MET
    kept = any(same(wanted.alt, file.alt) for file in files if file.stem in names)
    return Verdict.TO_JUDGE if kept and shown else Verdict.NOT_MET


def _verdict(met: bool) -> Verdict:
    return Verdict.MET if met else Verdict.NOT_MET


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"« {text} »" for text in texts)


def _listed(before: str, texts: Sequence[str]) -> str:
    return f"{before} {_quoted(texts)}" if texts else ""


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count > 1 else ''}"


def _alts(images: Sequence[Image]) -> str:
    if not images:
        return "image absente du texte"
    return " et ".join(
        (f"« {i.alt} »" if i.alt else "vide") + (f" (légende : « {i.caption} »)" if i.caption else "") for i in images
    )


def _reading_aid(content: Content, body: Body, moment: datetime) -> str:
    return "\n".join(
        [
            f"{content} – {content.state(moment)} – {content.link}",
            f"Mots : {words(body.text)} (sans le titre)",
            f"Sous-titres : {', '.join(f'H{level} {text}' for level, text in body.headings) or 'aucun'}",
            f"Catégories : {', '.join(content.categories) or 'aucune'}",
            f"Étiquettes : {', '.join(content.tags) or 'aucune'}",
            *(f"Image : {image.address} – texte alternatif : {image.alt or 'vide'}" for image in body.images),
            *(f"Lien : {link.text} – {link.address}" for link in body.links),
            "",
            body.text,
        ]
    )


def _misread(element: str) -> str:
    """The element with two figures of it changed over; nothing where there are none."""
    for i in reversed(range(len(element) - 1)):
        left, right = element[i], element[i + 1]
        if left.isdigit() and right.isdigit() and left != right:
            wrong = element[:i] + right + left + element[i + 2 :]
            if not holds(wrong, element):
                return wrong
    return ""
