"""Contents: blocks of Spectra that say things in pairs and rows: questions, testimonials, a team."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Self

from playwright.sync_api import Page
from pydantic import Field

from checks.wordpress.reading import spectra_verdicts as verdicts
from checks.wordpress.reading.content_verdicts import Target, absent, findings_of
from checks.wordpress.reading.contents import Content
from checks.wordpress.reading.library import MediaFile, library
from checks.wordpress.reading.places import Placed
from checks.wordpress.reading.seeded import another_picture, title_of
from checks.wordpress.reading.spectra_shown import (
    BLOCKS,
    PLUGIN,
    Item,
    Shown,
    SpectraBlocks,
    SpectraKind,
    listing,
    spectra_of,
)
from checks.wordpress.reading.spectra_verdicts import Result, all_of
from checks.wordpress.reading.spectra_wanted import Member, Question, Quote
from checks.wordpress.screens import block_roads, spectra, spectra_markup
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens.blocks import Piece
from checks.wordpress.screens.markup import paragraph
from checks.wordpress.screens.spectra import Put
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict
from provisioner.subject.functionalities import fact

_LINE = "wordpress.contenu.spectra"
FAQ, TESTIMONIALS, TEAM = fact(_LINE, "FAQ"), fact(_LINE, "témoignages"), fact(_LINE, "équipe")
#: What a road or the code editor makes, given a screen of the editor.
Html = Callable[[Page], str]


class SpectraBlock(Check, Placed):
    """What the checks of Spectra's blocks have in common; each says what it asks for, judges it, and makes it."""

    #: The kind of block, as the list of facts calls it.
    kind: ClassVar[SpectraKind]

    content: Target

    def needs(self) -> Sequence[str]:
        """The blocks are a plugin's."""
        return (PLUGIN,)

    def verify(self, site: Site) -> list[Finding]:
        """The blocks as a visitor meets them, and as they are stored."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        expected = (
            f"« {title_of(self.company, self.content)} » montre {self.wanted()}" + f", {self.place}" * self.placed
        )
        if content is None:
            return absent(site, self.facts(), expected)
        read = spectra_of(site, content, self.kind)
        mark = site.page.locator(f".entry-content .wp-block-{BLOCKS[self.kind].replace('/', '-')}")
        evidence = (site.shot("le contenu côté visiteur", mark=mark), site.note("les blocs de Spectra", listing(read)))
        verdict, observed = self.judged(read, site)
        return [Finding(one, verdict, expected, observed, evidence) for one in self.facts()]

    def judged(self, read: SpectraBlocks, site: Site) -> tuple[Verdict, str]:
        """The verdict on what is there; where no block is right, what a visitor may take for it is a person's to judge."""
        files = library(site) if self.media() else []
        verdict, observed = self.judge(read, files, site)
        if verdict is Verdict.NOT_MET and (otherwise := verdicts.made_otherwise(site.company, read, self.texts())):
            return Verdict.TO_JUDGE, f"{observed} ; à lire : {otherwise}"
        return verdict, observed

    def none(self, read: SpectraBlocks) -> str:
        """What is observed where a visitor meets no such block."""
        hidden = " ; il y en a un d’enregistré, que les visiteurs ne reçoivent pas" * bool(read.stored)
        return f"aucun bloc « {self.kind} » de Spectra{hidden}"

    def doubts(self, shown: Sequence[Shown]) -> list[Result]:
        """What is asked of each block beside what it says: that it is Spectra's, in its place, without what it proposes."""
        left = verdicts.proposed([one.part.text for one in shown if not one.part.unseen], self.texts())
        results = [verdicts.of_spectra(shown), verdicts.placed(self, shown)]
        return [*results, *([(Verdict.TO_JUDGE, left)] * bool(left))]

    # what each kind says of itself

    def wanted(self) -> str:
        """What is asked for, in French."""
        raise NotImplementedError

    def texts(self) -> tuple[str, ...]:
        """The texts that are asked for."""
        raise NotImplementedError

    def media(self) -> tuple[str, ...]:
        """The media that are asked for."""
        return ()

    def judge(self, read: SpectraBlocks, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
        """The verdict on the blocks of the kind, and what was observed."""
        raise NotImplementedError

    def put(self) -> Put:
        """How a candidate puts it into the editor."""
        raise NotImplementedError

    def html(self, page: Page) -> str:
        """How the editor stores it."""
        raise NotImplementedError

    # work

    def ways(self) -> Sequence[Act]:
        """The block from the list, and its HTML."""
        return (
            Act("bloc de Spectra, dans l’éditeur", self.done(self.put())),
            Act("dans l’éditeur de code", self.coded(self.html)),
        )

    def common_near_misses(self) -> list[NearMiss]:
        """Not kept, in another content, and at another place where one is asked for."""
        one = self.facts()[0]
        found = [
            NearMiss("éditeur quitté sans mettre à jour", one, self.done(self.put(), save=False)),
            NearMiss("dans un autre contenu", one, self._elsewhere),
        ]
        if self.placed:
            found.append(NearMiss("à une autre place", one, self._astray))
        return found

    def done(self, put: Put, save: bool = True) -> Callable[[Desk], None]:
        """Put a block where it must be."""
        return lambda desk: spectra.work(desk, self.content, put, self.under, self.at, save)

    def coded(self, html: Html) -> Callable[[Desk], None]:
        """The same in the code editor."""
        return lambda desk: spectra.work_in_code(desk, self.content, html, self.under, self.at)

    def kept(self, html: Html) -> Callable[[Desk], None]:
        """Store that HTML where the block must be."""
        return lambda desk: spectra.store_first(desk, self.content, html, self.under, self.at)

    def _elsewhere(self, desk: Desk) -> None:
        spectra.work(desk, block_screens.neighbour(desk, self.content), self.put())

    def _astray(self, desk: Desk) -> None:
        spectra.work(desk, self.content, self.put(), at="fin" if self.at == "début" else "")


def listed_verdict(
    check: SpectraBlock, read: SpectraBlocks, matched: verdicts.Matched, items: Sequence[tuple[Shown, Item]]
) -> tuple[Verdict, str]:
    """The verdict on things that may stand in one block or in several, once each wanted one was looked for."""
    if not items:
        return Verdict.NOT_MET, check.none(read)
    observed = " ; ".join(str(item) for _, item in items)
    if matched.verdict is Verdict.NOT_MET:
        return Verdict.NOT_MET, f"{observed} ; il manque {', '.join(matched.lacking)}"
    used = list(dict.fromkeys(id(items[place][0]) for place in matched.places))
    blocks = [shown for shown in read.shown if id(shown) in used]
    left = verdicts.proposed([one.part.text for one in read.shown if not one.part.unseen], check.texts())
    results = [
        (matched.verdict, " ; ".join(matched.doubts)),
        *check.doubts(blocks),
        *([(Verdict.TO_JUDGE, left)] * bool(left)),
    ]
    verdict, why = all_of(results)
    observed += f" ; {verdicts.where(blocks)}" * check.placed
    return verdict, f"{observed} ; à lire : {why}" if verdict is Verdict.TO_JUDGE else observed


def items_of(read: SpectraBlocks) -> list[tuple[Shown, Item]]:
    """What the blocks are made of, each with its block."""
    return [(shown, item) for shown in read.shown for item in shown.items]


class SpectraFaq(SpectraBlock, id="wordpress.contenu.spectra_faq"):
    """Une foire aux questions (bloc FAQ de Spectra) : des questions et leurs réponses, dans une page ou un article.

    D’autres questions sont admises. Leur ordre n’est pas contrôlé.
    """

    proves = (FAQ,)
    kind = "FAQ"

    questions: tuple[Question, ...] = Field(min_length=1, description="Les questions et leurs réponses.")

    def wanted(self) -> str:
        """The questions."""
        return f"un bloc FAQ de Spectra avec {', '.join(map(str, self.questions))} et leurs réponses"

    def texts(self) -> tuple[str, ...]:
        """Questions and answers."""
        return tuple(text for one in self.questions for text in one.wanted)

    def judge(self, read: SpectraBlocks, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
        """Each question with its own answer."""
        items = items_of(read)
        matched = verdicts.match(self.questions, [item for _, item in items], verdicts.question, files)
        return listed_verdict(self, read, matched, items)

    def put(self) -> Put:
        """Typed into the block."""
        return spectra.put_faq(self.questions)

    def html(self, page: Page) -> str:
        """The block and its parts."""
        return spectra_markup.faq(self.questions)

    def near_misses(self) -> Sequence[NearMiss]:
        """An answer left as it was, answers exchanged, the same without the block."""
        first, *rest = self.questions
        latin = Question(question=first.question, answer="Lorem ipsum dolor sit amet, consectetur adipiscing elit.")
        pieces = [
            piece for one in self.questions for piece in (Piece("bold", one.question), Piece("paragraph", one.answer))
        ]

        def as_text(desk: Desk) -> None:
            block_screens.put(desk, self.content, pieces)

        found = [
            *self.common_near_misses(),
            NearMiss("une réponse laissée en latin", FAQ, self.coded(lambda page: spectra_markup.faq([latin, *rest]))),
            NearMiss("les questions en gras et les réponses dans le texte", FAQ, as_text),
        ]
        if rest:
            answers = [one.answer for one in (*rest, first)]
            swapped = [
                Question(question=one.question, answer=answer)
                for one, answer in zip(self.questions, answers, strict=True)
            ]
            found.append(NearMiss("les réponses interverties", FAQ, self.done(spectra.put_faq(swapped))))
            found.append(NearMiss("une question de moins", FAQ, self.done(spectra.put_faq(rest))))
        return found

    def roads(self) -> Sequence[Road]:
        """As a grid; a question that the block proposes left; blocks of WordPress that unfold."""
        details = "\n\n".join(
            f'<!-- wp:details -->\n<details class="wp-block-details"><summary>{one.question}</summary>'
            f"{paragraph(one.answer)}</details>\n<!-- /wp:details -->"
            for one in self.questions
        )
        grid = self.kept(lambda page: spectra_markup.faq(self.questions, layout="grid"))
        left = self.kept(lambda page: spectra_markup.faq(self.questions, left=1))
        return (
            Road("les questions en grille", FAQ, grid, Verdict.MET),
            Road("une question de plus laissée telle que Spectra la propose", FAQ, left),
            Road("des blocs « Détails » de WordPress", FAQ, self.kept(lambda page: details)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Two questions in a page that asks others."""
        return (
            cls(
                content="points-de-vente",
                at="fin",
                questions=(
                    Question(
                        question="Vos biscuits sont-ils vendus hors du Finistère ?",
                        answer="Oui, dans une trentaine d’épiceries fines et sur notre boutique en ligne.",
                    ),
                    Question(
                        question="Peut-on commander par téléphone ?",
                        answer="Oui, au 02 61 91 45 12, du lundi au vendredi.",
                    ),
                ),
            ),
        )


class SpectraTestimonials(SpectraBlock, id="wordpress.contenu.spectra_testimonials"):
    """Des témoignages (bloc Testimonials de Spectra) : les noms, ce qu’ils disent, leurs photos.

    Un bloc pour tous ou un bloc pour chacun, en carrousel ou en colonnes. D’autres témoignages sont admis.
    """

    proves = (TESTIMONIALS,)
    kind = "témoignages"

    testimonials: tuple[Quote, ...] = Field(min_length=1, description="Les témoignages.")

    def wanted(self) -> str:
        """The persons."""
        return f"un bloc Testimonials de Spectra avec les témoignages de {', '.join(map(str, self.testimonials))}"

    def texts(self) -> tuple[str, ...]:
        """Names and words."""
        return tuple(text for one in self.testimonials for text in one.wanted)

    def media(self) -> tuple[str, ...]:
        """The photos."""
        return tuple(one.media for one in self.testimonials if one.media)

    def judge(self, read: SpectraBlocks, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
        """Each person with what he says."""
        items = items_of(read)
        matched = verdicts.match(self.testimonials, [item for _, item in items], verdicts.quote, files)
        return listed_verdict(self, read, matched, items)

    def put(self) -> Put:
        """Typed into the block."""
        return spectra.put_testimonials(self.testimonials)

    def html(self, page: Page) -> str:
        """The block."""
        return self._html(page, self.testimonials)

    def _html(self, page: Page, those: Sequence[Quote], columns: int = 1) -> str:
        return spectra_markup.quotes(those, spectra.pictures(page, self.media()), columns=columns)

    def near_misses(self) -> Sequence[NearMiss]:
        """The names exchanged, name and company exchanged, one left out, the same as text."""
        first, *rest = self.testimonials
        lines = [Piece("paragraph", f"{one.words} {one.name}") for one in self.testimonials]

        def as_text(desk: Desk) -> None:
            block_screens.put(desk, self.content, lines)

        found = [*self.common_near_misses(), NearMiss("les témoignages dans le texte", TESTIMONIALS, as_text)]
        if first.company:
            turned = first.model_copy(update={"name": first.company, "company": first.name})
            found.append(
                NearMiss(
                    "un nom et une ville intervertis",
                    TESTIMONIALS,
                    self.done(spectra.put_testimonials([turned, *rest])),
                )
            )
        if rest:
            names = [one.name for one in (*rest, first)]
            exchanged = [
                one.model_copy(update={"name": name}) for one, name in zip(self.testimonials, names, strict=True)
            ]
            found += [
                NearMiss("les noms intervertis", TESTIMONIALS, self.coded(lambda page: self._html(page, exchanged))),
                NearMiss("un témoignage de moins", TESTIMONIALS, self.done(spectra.put_testimonials(rest))),
            ]
        return found

    def roads(self) -> Sequence[Road]:
        """A block for each, in columns; one more left as it was proposed; quotations of WordPress."""

        def each(page: Page) -> str:
            blocks = [self._one(page, one, f"5e4d3c{place:02}") for place, one in enumerate(self.testimonials)]
            return "\n\n".join(blocks)

        left = Quote(
            name="John Doe ", words="I have been working with these guys for years now!", company="Company Name"
        )
        quotes = "\n\n".join(
            '<!-- wp:quote -->\n<blockquote class="wp-block-quote">'
            f"{paragraph(one.words)}<cite>{one.name}{f', {one.company}' if one.company else ''}</cite></blockquote>\n"
            "<!-- /wp:quote -->"
            for one in self.testimonials
        )
        in_columns = self.kept(lambda page: self._html(page, self.testimonials, columns=len(self.testimonials)))
        return (
            Road("un bloc pour chaque témoignage", TESTIMONIALS, self.kept(each), Verdict.MET),
            Road("en colonnes", TESTIMONIALS, in_columns, Verdict.MET),
            Road(
                "un témoignage de plus laissé tel que Spectra le propose",
                TESTIMONIALS,
                self.kept(lambda page: self._html(page, [*self.testimonials, left])),
            ),
            Road("des citations de WordPress", TESTIMONIALS, self.kept(lambda page: quotes)),
        )

    def _one(self, page: Page, one: Quote, number: str) -> str:
        return spectra_markup.quotes([one], spectra.pictures(page, [one.media]), number)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Two customers, one with a picture."""
        return (
            cls(
                content="nos-partenaires",
                testimonials=(
                    Quote(
                        name="Armelle Kerdoncuff",
                        company="Épicerie du Steïr, Quimper",
                        words="Nos clients reviennent pour les palets.",
                        media="boutique-quimper",
                    ),
                    Quote(
                        name="Hoël Le Moal",
                        company="Hôtel des Dunes",
                        words="Un sachet de sablés attend chaque voyageur dans sa chambre.",
                    ),
                ),
            ),
        )


class SpectraTeam(SpectraBlock, id="wordpress.contenu.spectra_team"):
    """Une équipe (bloc Team de Spectra, un bloc par personne) : noms, fonctions, portraits.

    D’autres personnes sont admises, et toute disposition : l’une sous l’autre, en colonnes, dans un conteneur.
    """

    proves = (TEAM,)
    kind = "équipe"

    members: tuple[Member, ...] = Field(min_length=1, description="Les personnes.")
    social: bool = Field(
        True, description="« false » quand la question demande de ne pas montrer d’icônes de réseaux sociaux."
    )

    def wanted(self) -> str:
        """The persons."""
        without = "" if self.social else ", sans icônes de réseaux sociaux"
        said = ", ".join(f"{one}{f' ({one.post})' if one.post else ''}" for one in self.members)
        return f"un bloc Team de Spectra pour {said}{without}"

    def texts(self) -> tuple[str, ...]:
        """Names, posts and descriptions."""
        return tuple(text for one in self.members for text in one.wanted)

    def media(self) -> tuple[str, ...]:
        """The portraits."""
        return tuple(one.media for one in self.members if one.media)

    def judge(self, read: SpectraBlocks, files: Sequence[MediaFile], site: Site) -> tuple[Verdict, str]:
        """Each person with his post and portrait, and without icons where none are to be."""
        items = items_of(read)
        matched = verdicts.match(self.members, [item for _, item in items], verdicts.member, files)
        verdict, observed = listed_verdict(self, read, matched, items)
        used = [items[place][1] for place in matched.places if place >= 0]
        if verdict is not Verdict.NOT_MET and not self.social and any(item.texts.get("icons") for item in used):
            return Verdict.NOT_MET, f"{observed} ; des icônes de réseaux sociaux y sont"
        return verdict, observed

    def put(self) -> Put:
        """Typed into a block for each."""
        return spectra.put_team(self.members, self.social)

    def html(self, page: Page) -> str:
        """A block for each."""
        return "\n\n".join(self._each(page))

    def _each(self, page: Page, tag: str = "h3") -> list[str]:
        images = spectra.pictures(page, self.media())
        return [spectra_markup.team(one, images, f"2b3c4d{place:02}", tag) for place, one in enumerate(self.members)]

    def near_misses(self) -> Sequence[NearMiss]:
        """The name in the description, the post left as it was, one missing, another portrait, icons that were not to be."""
        first, *rest = self.members
        inside = first.model_copy(update={"name": "Notre équipe", "words": f"{first.name}. {first.words}"})
        found = [
            *self.common_near_misses(),
            NearMiss("le nom dans la description", TEAM, self.done(spectra.put_team([inside, *rest], self.social))),
        ]
        if first.post:
            bare = first.model_copy(update={"post": "Designation"})
            found.append(
                NearMiss("la fonction laissée telle que Spectra la propose", TEAM, self._coded_of([bare, *rest]))
            )
        if rest:
            found.append(NearMiss("une personne de moins", TEAM, self._coded_of(rest)))
        if first.media:
            other = another_picture(self.company, first.media)
            found.append(
                NearMiss("une autre image", TEAM, self._coded_of([first.model_copy(update={"media": other}), *rest]))
            )
        if not self.social:
            found.append(
                NearMiss("les icônes de réseaux laissées", TEAM, self.done(spectra.put_team(self.members, True)))
            )
        return found

    def _coded_of(self, members: Sequence[Member]) -> Callable[[Desk], None]:
        other = self.model_copy(update={"members": tuple(members)})
        return self.coded(other.html)

    def roads(self) -> Sequence[Road]:
        """In columns, with names as titles of another level; a block of WordPress for each."""

        def beside(page: Page) -> str:
            images = spectra.pictures(page, self.media())
            return "\n\n".join(_media_text(one, images.get(one.media)) for one in self.members)

        return (
            Road("en colonnes", TEAM, self.kept(lambda page: block_roads.columns(self._each(page))), Verdict.MET),
            Road(
                "les noms en titres de niveau 2",
                TEAM,
                self.kept(lambda page: "\n\n".join(self._each(page, "h2"))),
                Verdict.MET,
            ),
            Road("des blocs « Média et texte » de WordPress", TEAM, self.kept(beside)),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """Two of the company's people, on the page that tells who they are."""
        return (
            cls(
                content="qui-sommes-nous",
                social=False,
                members=(
                    Member(
                        name="Soizic Le Bihan",
                        post="Gérante",
                        words="Elle goûte chaque fournée.",
                        media="portrait-soizic",
                    ),
                    Member(name="Yann Lestrade", post="Responsable de l’atelier", media="portrait-yann"),
                ),
            ),
        )


def _media_text(one: Member, picture: spectra_markup.Picture | None) -> str:
    image = f'<img src="{picture["url"]}" alt=""/>' if picture else ""
    said = "".join(paragraph(text) for text in one.wanted)
    return (
        '<!-- wp:media-text -->\n<div class="wp-block-media-text is-stacked-on-mobile">'
        f'<figure class="wp-block-media-text__media">{image}</figure>'
        f'<div class="wp-block-media-text__content">{said}</div></div>\n<!-- /wp:media-text -->'
    )
