"""Search engines: the title and the description that a page gives them."""

from collections.abc import Callable, Sequence
from typing import Self

from pydantic import Field, model_validator

from checks.wordpress.reading import yoast_snippet
from checks.wordpress.reading.content_verdicts import still_shown
from checks.wordpress.screens.search_appearance import Appearance, Values, description_verdict, length_in_french
from provisioner.french.text import holds, nearly_holds, nearly_same, quoted
from provisioner.subject.check import Act, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

TITLE_TAG = fact("wordpress.referencement.balises", "balise titre")
DESCRIPTION = fact("wordpress.referencement.balises", "description")


class PageTags(Appearance, id="wordpress.referencement.page_tags"):
    """La balise titre et la description d’un contenu ou d’une catégorie, telles que les moteurs de recherche les lisent."""

    proves = (TITLE_TAG, DESCRIPTION)

    title: str = Field("", description="Ce que la balise titre doit contenir ; vide quand elle n’est pas demandée.")
    description: tuple[WantedText, ...] = Field((), description="Ce que la balise description doit dire.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if bool(self.content) == bool(self.category):
            raise ValueError("content ou category, l’un des deux")
        if not self.facts():
            raise ValueError("title ou description doit être demandé")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        return (TITLE_TAG,) * bool(self.title) + (DESCRIPTION,) * bool(self.description)

    def verify(self, site: Site) -> list[Finding]:
        """The head of the visitor's page."""
        screen, _, content = self._look(site)
        hidden = content is not None and not content.public(site.taken_at)
        on = yoast_snippet.active(site)
        kept = yoast_snippet.kept_fields(site, screen) if screen and on else {}
        title, described = self._told(site, content, kept if hidden else {}) if screen else ("", "")
        shot = site.shot("la page vue par un visiteur")
        note = site.note("la tête de la page", f"Titre : {title}\nDescription : {described or 'aucune'}")
        results = {}
        if self.title:
            near = nearly_holds(title, self.title) or nearly_same(self.title, title)
            near = near or holds(title, self.title)
            # What nobody filled in is made of the titles of the page and of the site.
            filled = holds(title, self.title) and bool(kept.get("title"))
            verdict = Verdict.MET if filled else Verdict.TO_JUDGE if near else Verdict.NOT_MET
            empty = "le champ de Yoast SEO est vide" if on else "l’extension Yoast SEO n’est pas activée"
            said = f"balise titre : « {title} »" if screen else self._nowhere
            said += f" ; {empty}" * bool(screen and not kept.get("title"))
            if verdict is Verdict.TO_JUDGE:
                made = f"WordPress fait cette balise {'du nom de la catégorie' if self.category else 'du titre du contenu'}"
                near_it = "c’est à un détail près ce qui est demandé"
                said += f" ; à lire : {f'{made} et de celui du site' if holds(title, self.title) else near_it}"
            results[TITLE_TAG] = (verdict, f"la balise titre {self._of} contient « {self.title} »", said)
        if self.description:
            verdict, said = description_verdict(self.description, self._bounds, described)
            expected = f"la description{length_in_french(self._bounds)} {self._of} dit {quoted(self.description)}"
            results[DESCRIPTION] = (verdict, expected, said if screen else self._nowhere)
        return [*still_shown(site, content, [Finding(one, *result, (shot, note)) for one, result in results.items()])]

    def ways(self) -> Sequence[Act]:
        """Yoast's box, field by field, or its column in the editor; in one visit or in two."""
        ways = [Act("par l’encadré de Yoast SEO", self._filled())]
        if self.content:
            ways.append(Act("par le volet de Yoast SEO dans l’éditeur", self._filled(column=True)))
        if self.title and self.description:

            def in_two_visits(desk: Desk) -> None:
                self.but(description=())._filled()(desk)
                self.but(title="")._filled()(desk)

            ways.append(Act("en deux fois", in_two_visits))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """In the text, the neighbour's, the plugin off, not kept."""
        acts: list[tuple[str, Callable[[Desk], None]]] = [
            ("dans le texte que lit le visiteur", self._in_the_text),
            ("sur le voisin", self._neighbour),
            ("tout rempli, puis extension désactivée", self._switched_off),
        ]
        found = [NearMiss(name, one, run) for one in self.facts() for name, run in acts[: 2 if one == TITLE_TAG else 3]]
        if self.min_length:
            short: Values = {**self._values(), "description": f"À découvrir : {', '.join(self.description)}."}
            found.append(NearMiss("description trop courte", DESCRIPTION, self._filled(short)))
        return found

    def roads(self) -> Sequence[Road]:
        """A description that denies what it was to say."""
        if not self.description:
            return ()
        text = self._long_enough(f"Nous ne proposons plus : {', '.join(self.description)}.")
        values: Values = {**self._values(), "description": text}
        return (Road("une description qui nie ce qu’elle doit dire", DESCRIPTION, self._filled(values)),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A page of the site."""
        return (
            cls(
                content="nos-boutiques",
                title="Biscuiterie à Quimper et Landerneau",
                description=("trois boutiques", "Finistère"),
                min_length=120,
                max_length=170,
            ),
        )

    def _values(self) -> Values:
        values: dict[yoast_snippet.Field, str] = {}
        if self.title:
            values["title"] = self.title
        if self.description:
            values["description"] = self._long_enough(f"À découvrir : {', '.join(self.description)}.")
        return values
