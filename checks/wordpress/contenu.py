"""Contents: a published article or page with all that is asked of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Self
from urllib.parse import quote

from checks.wordpress.reading import contents, naming
from checks.wordpress.reading.content_images import ImageWanted, images_shown
from checks.wordpress.reading.content_verdicts import merged
from checks.wordpress.reading.contents import Body, Content
from checks.wordpress.reading.destinations import links_verdict
from checks.wordpress.reading.library import library
from checks.wordpress.reading.lookalikes import Asked, made_otherwise
from checks.wordpress.reading.reading_aids import doubtful, reading_aid
from checks.wordpress.reading.text_verdicts import (
    Result,
    elements_verdict,
    filed_only,
    headings_verdict,
    lacking_categories,
)
from checks.wordpress.reading.word_count import words_in_editor
from checks.wordpress.reading.wording import agreed
from checks.wordpress.screens import content_near_misses, content_roads
from checks.wordpress.screens.content_changes import publish_in_list
from checks.wordpress.screens.drafts import classify, write, write_code
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.wanted_content import (
    ELEMENTS,
    EXTERNAL,
    HEADINGS,
    INTERNAL,
    LANGUAGE,
    LENGTH,
    TAGS,
    WantedContent,
)
from provisioner.french.text import holds, nearly_same, numbered, quoted, same, word_count
from provisioner.subject.check import Act, Desk, Finding, NearMiss, Road, Site, Verdict, finding

_CORRECT = "un texte correct, professionnel et adapté à l’entreprise"
_NOTE = "le texte et ce qu’il contient"


class PublishedContent(WantedContent, id="wordpress.contenu.published_content"):
    """Un article ou une page, nouveau, publié et conforme aux consignes.

    Longueur, éléments de l’annexe, sous-titres, images, liens, catégories et étiquettes : seul est contrôlé ce
    qui est demandé. Le titre doit être celui d’un contenu que le site n’a pas au départ.
    """

    def verify(self, site: Site) -> list[Finding]:
        """The article as a visitor reads it; of one that he can't see, what its editor holds."""
        found = contents.contents(site)
        named = naming.titled(found, self.title, self.kind, site.taken_at)
        alike = [c for c in named if c.kind == self.kind and c.public(site.taken_at)]
        if not alike:  # what was begun under the title and left hides no public one that nearly has it
            public = [c for c in found if c.kind == self.kind and c.public(site.taken_at) and not c.seeded]
            near = naming.nearly_titled(self.company, public if named else found, self.title, site.taken_at)
            alike = named[:1] + ([near] if near else [])
        if not alike:
            own = [c for c in found if c.kind == self.kind and c.public(site.taken_at) and not c.seeded]
            if astray := [c for c in own if self._meant(site, c)]:
                return self._under_another_title(self._look(site, astray[0], named))
            site.visit(f"/?s={quote(self.title)}")
            return self._absent(site.shot("la recherche du titre"), [c for c in found if not c.seeded])
        return merged([self._look(site, one, named) for one in alike])

    def _meant(self, site: Site, content: Content) -> bool:
        """Whether a content of another title says most of what is asked of this one."""
        text = contents.read(site, content).whole.text
        said = [element for element in self.elements if holds(text, element)]
        return len(said) >= 2 and 2 * len(said) >= len(self.elements)

    def _under_another_title(self, found: Sequence[Finding]) -> list[Finding]:
        """A wrong title costs the publication under it, and leaves what is written there to a person."""
        first, *others = found
        refused = first.observed.replace("titre différent, à apprécier", "titre différent")
        return [replace(first, verdict=Verdict.NOT_MET, observed=refused)] + [
            replace(one, verdict=Verdict.TO_JUDGE, observed=f"{one.observed} ; à lire : ce contenu a un autre titre")
            if one.verdict is Verdict.MET
            else one
            for one in others
        ]

    def _look(self, site: Site, content: Content, named: Sequence[Content]) -> list[Finding]:
        """What is found in one of those that have the title, or in one that nearly has it."""
        read = contents.read(site, content)
        body = read.whole
        shot = site.shot("le contenu côté visiteur")
        note = site.note(_NOTE, reading_aid(site, content, body, self.elements, self._known()))
        results = self._results(site, body, content, read.public)
        if read.visible != body:
            results = _as_seen(results, self._results(site, read.visible, content, read.public))
        results[self.facts()[0]] = self._publication(site, content, read.public, named)
        return [Finding(one, *results[one], (shot, note)) for one in self.facts()]

    def _results(self, site: Site, body: Body, content: Content, public: bool) -> dict[str, Result]:
        """What is found in a body, fact by fact."""
        results = {
            LENGTH: self._length(body, lambda: contents.stored_html(site, content)[0]),
            ELEMENTS: elements_verdict(self.elements, content.title, body.text),
            LANGUAGE: (
                Verdict.TO_JUDGE,
                _CORRECT,
                f"{_to_read(word_count(body.text))}{doubtful(site, body.text, self._known())}",
            ),
            HEADINGS: headings_verdict(self.headings, body),
            TAGS: self._tags(content),
        }
        if self.images:
            files = library(site)

            def otherwise(media: str) -> str:
                return made_otherwise(Asked("image", media=(media,)), content, public, files, site)

            results |= images_shown(self.images, body, content.featured_media, files, otherwise)
        for kind in {INTERNAL, EXTERNAL}.intersection(self.facts()):
            results[kind] = self._links(site, body, kind)
        return results

    def _known(self) -> Sequence[str]:
        return (self.title, *self.elements, *self.categories, *self.tags)

    def _absent(self, shot: str, found: Sequence[Content]) -> list[Finding]:
        what = "un article intitulé" if self.kind == "post" else "une page intitulée"
        no = "aucun ne porte" if self.kind == "post" else "aucune ne porte"
        newest = f" ; parmi les contenus nouveaux ou jamais publiés, le dernier modifié est {found[0]}" if found else ""
        return [
            finding(one, False, f"{what} « {self.title} »", f"{no} ce titre{newest}", shot)
            if one != LANGUAGE
            else Finding(one, Verdict.TO_JUDGE, _CORRECT, "aucun texte sous ce titre", (shot,))
            for one in self.facts()
        ]

    def _publication(self, site: Site, content: Content, seen: bool, named: Sequence[Content]) -> Result:
        what = "article publié" if self.kind == "post" else "page publiée"
        expected = f"{what} sous le titre « {self.title} »" + _listed(
            ", dans la catégorie", ", dans les catégories", self.categories
        )
        missing = lacking_categories(self.categories, content)
        observed = [f"{content}, {content.state(site.taken_at)}"]
        met = content.public(site.taken_at) and content.kind == self.kind and all(missing.values())
        others = [c for c in named if c is not content]
        doubts = []
        if content.public(site.taken_at) and content.status == "publish" and not seen:
            it = "la" if content.kind == "page" else "le"
            observed[0] += f", mais un visiteur ne {it} voit pas à son adresse"
            # WordPress gives a page and an article one address, and shows the page there: no screen tells it.
            twin = any(c.slug == content.slug and c.public(site.taken_at) for c in others)
            what = "un autre contenu du même titre" if twin else "autre chose"
            doubts.append(f"à lire : {what} s’y montre")
        if content.kind != self.kind:
            observed.append("ce n’est pas un article" if self.kind == "post" else "ce n’est pas une page")
        if self.categories:
            observed.append(f"classé dans {quoted(content.categories)}" if content.categories else "sans catégorie")
        if others:
            carry = "porte aussi ce titre" if len(others) == 1 else "portent aussi ce titre"
            observed.append(f"{carry} : " + ", ".join(f"{c} ({c.state(site.taken_at)})" for c in others))
        doubts += ["titre différent, à apprécier"] * (content not in named)
        doubts += [f"à lire : {filed_only(name, why)}" for name, why in missing.items() if why]
        doubts += ["à lire : ce contenu existait sans doute au départ, et a été réécrit"] * content.seeded
        if met and doubts:
            return Verdict.TO_JUDGE, expected, " ; ".join([*observed, *doubts])
        return _verdict(met), expected, " ; ".join(observed)

    def _length(self, body: Body, html: Callable[[], str]) -> Result:
        """By the words that a reader counts; where only the number that the editor shows fits, a person has to say.

        So he does of what is too long by its subtitles and legends: a question may not mean them.
        """
        bounds = [f"au moins {self.min_words}"] * bool(self.min_words) + [f"au plus {self.max_words}"] * bool(
            self.max_words
        )
        expected, count = f"{' et '.join(bounds)} mots, sans le titre", word_count(body.text)
        if self._long_enough(count):
            return Verdict.MET, expected, numbered(count, "mot")
        told = words_in_editor(html())
        read = numbered(count, "mot lu", "mots lus")
        by_the_editor = f"{read} par un visiteur ; l’éditeur de WordPress, qui compte autrement, en affiche {told}"
        observed = numbered(count, "mot") if told == count else by_the_editor
        if self._long_enough(told):
            return Verdict.TO_JUDGE, expected, f"{observed} ; à lire : par le compte de l’éditeur, la longueur convient"
        bare = count - sum(map(word_count, [*(text for _, text in body.headings), *(i.caption for i in body.images)]))
        if self.max_words and bare <= self.max_words < count:
            return (
                Verdict.TO_JUDGE,
                expected,
                f"{observed} ; à lire : sans sous-titres ni légendes, cela fait {numbered(bare, 'mot')}",
            )
        return Verdict.NOT_MET, expected, observed

    def _long_enough(self, count: int) -> bool:
        return count >= self.min_words and (not self.max_words or count <= self.max_words)

    def _tags(self, content: Content) -> Result:
        missing = [tag for tag in self.tags if not any(same(tag, seen) for seen in content.tags)]
        observed = f"étiquettes : {quoted(content.tags)}" if content.tags else "aucune étiquette"
        near = [tag for tag in missing if any(nearly_same(tag, seen) for seen in content.tags)]
        expected = _listed("étiquette", "étiquettes", self.tags)
        if missing and near == missing:
            return (
                Verdict.TO_JUDGE,
                expected,
                f"{observed} ; à lire : parmi elles, {agreed(missing, 'y est', 'y sont')} à un détail près",
            )
        return _verdict(not missing), expected, observed + (f" ; il manque {quoted(missing)}" if missing else "")

    def _links(self, site: Site, body: Body, kind: str) -> Result:
        wanted = [link for link in self.links if link.startswith("/") == (kind == INTERNAL)]
        verdict, seen = links_verdict(site, body, wanted)
        return verdict, f"dans le texte, {_listed('un lien vers', 'des liens vers', wanted)}", seen

    def ways(self) -> Sequence[Act]:
        """The editor's blocks; its code view; tags and categories, or the publication itself, in the list."""

        def in_code(desk: Desk) -> None:
            write_code(desk, self.draft()).publish()

        def then_in_the_list(desk: Desk) -> None:
            draft = self.draft()
            editor = write(desk, replace(draft, categories=(), tags=()))
            editor.publish()
            classify(desk, draft, editor.slug)

        def found_again(desk: Desk) -> None:
            editor = write(desk, self.draft())
            editor.save()
            Editor.open(desk, editor.number).publish()

        def online_in_the_list(desk: Desk) -> None:
            editor = write(desk, self.draft())
            editor.save()
            publish_in_list(desk, self.kind, editor.number)

        ways = [
            Act("avec les blocs de l’éditeur", lambda desk: write(desk, self.draft()).publish()),
            Act("dans l’éditeur de code", in_code),
            Act("enregistré comme brouillon, rouvert puis publié", found_again),
        ]
        if self.categories or self.tags:
            ways.append(Act("classé après la publication, par la modification rapide", then_in_the_list))
        else:  # the same form; once is enough
            ways.append(Act("brouillon mis en ligne par la modification rapide", online_in_the_list))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Not quite public, not quite long enough, not quite the right picture, link or tag."""
        return content_near_misses.near_misses(self)

    def roads(self) -> Sequence[Road]:
        """What is right by another road, or a person's to judge."""
        return content_roads.roads(self)

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


def _as_seen(whole: dict[str, Result], visible: dict[str, Result]) -> dict[str, Result]:
    """The same findings, but a person's to judge where they hang on what no visitor can see."""
    return {
        one: found
        if found[0] is visible[one][0]
        else (
            Verdict.TO_JUDGE,
            found[1],
            f"{found[2]} ; à lire : une partie du contenu est masquée aux visiteurs ; pour eux : {visible[one][2]}",
        )
        for one, found in whole.items()
    }


def _to_read(words: int) -> str:
    if not words:
        return "aucun mot à relire"
    return f"{numbered(words, 'mot')} à relire, dans la note « {_NOTE} »"


def _verdict(met: bool) -> Verdict:
    return Verdict.MET if met else Verdict.NOT_MET


def _listed(of_one: str, of_several: str, texts: Sequence[str]) -> str:
    return f"{of_one if len(texts) == 1 else of_several} {quoted(texts)}" if texts else ""
