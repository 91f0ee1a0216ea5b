"""Search engines: keywords, and the tags of an article."""

from collections.abc import Callable, Sequence
from typing import Annotated, Self

from playwright.sync_api import Locator
from pydantic import Field, model_validator

from checks.wordpress.reading import contents, naming, seeded
from checks.wordpress.reading.content_verdicts import Target, absent, findings_of, still_shown, worst
from checks.wordpress.reading.contents import Content
from checks.wordpress.reading.wording import agreed, of_quoted, written_otherwise
from checks.wordpress.screens import blocks as block_screens
from checks.wordpress.screens import content_changes, post_lists
from provisioner.french.text import holds, nearly_holds, nearly_same, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Site, Verdict, WantedText
from provisioner.subject.functionalities import fact

KEYWORDS = fact("wordpress.referencement.mots-cles", "mots clés présents dans titre et texte")
TAGS = fact("wordpress.referencement.balises", "étiquettes")


class Keywords(Check, id="wordpress.referencement.keywords"):
    """Des mots clés se lisent dans le titre et dans le texte d’un contenu."""

    proves = (KEYWORDS,)

    content: Target
    in_title: tuple[WantedText, ...] = Field((), description="Les mots clés que le titre doit contenir.")
    in_text: tuple[WantedText, ...] = Field((), description="Les mots clés que le texte doit contenir.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (self.in_title or self.in_text):
            raise ValueError("in_title ou in_text doit être demandé")
        return self

    def verify(self, site: Site) -> list[Finding]:
        """Title and text as a visitor reads them."""
        return findings_of(site, self.content, self._look)

    def _look(self, site: Site, content: Content | None) -> list[Finding]:
        of = f"{of_quoted(seeded.title_of(self.company, self.content))} contient"
        parts = [f"le titre {of} {quoted(self.in_title)}"] * bool(self.in_title)
        parts += [f"{'son texte contient' if parts else f'le texte {of}'} {quoted(self.in_text)}"] * bool(self.in_text)
        expected = " et ".join(parts)
        if content is None:
            return absent(site, (KEYWORDS,), expected)
        read = contents.read(site, content)
        shot = site.shot("le contenu côté visiteur")
        verdict, observed = self.judge(content.title, read.whole.text)
        if verdict is Verdict.MET and self.judge(content.title, read.visible.text)[0] is not Verdict.MET:
            verdict, observed = Verdict.TO_JUDGE, f"{observed} ; à lire : une partie est masquée aux visiteurs"
        return [Finding(KEYWORDS, verdict, expected, observed, (shot,))]

    def judge(self, title: str, text: str) -> tuple[Verdict, str]:
        """Which keywords are where they must be; another form of a word is a person's to judge."""
        verdicts, said = [Verdict.MET], [f"titre : « {title} »"]
        for where, place, wanted in (("le titre", title, self.in_title), ("le texte", text, self.in_text)):
            missing = [keyword for keyword in wanted if not holds(place, keyword)]
            near = [keyword for keyword in missing if nearly_holds(place, keyword)]
            absent = [keyword for keyword in missing if keyword not in near]
            verdicts += [Verdict.TO_JUDGE] * bool(near) + [Verdict.NOT_MET] * bool(absent)
            said += [agreed(absent, f"n’est pas dans {where}", f"ne sont pas dans {where}")] * bool(absent)
            doubts = [one.removesuffix(f" : « {title} »") for one in written_otherwise(near, place)]
            said += [f"à lire, dans {where} : {one}" for one in doubts]
        said += ["tout ce qui est demandé y est"] * (len(verdicts) == 1)
        return worst(verdicts), " ; ".join(said)

    def ways(self) -> Sequence[Act]:
        """The editor, and the quick edit for the title."""

        def quickly(desk: Desk) -> None:
            kind, slug = block_screens.found(desk, self.content)
            self._written(title=False)(desk)
            post_lists.quick_edit(desk, kind, slug, self._add_to_title)

        ways = [Act("dans l’éditeur", self._written())]
        if self.in_title:
            ways.append(Act("le texte dans l’éditeur, le titre par la modification rapide", quickly))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """One place of the two, another content, not kept."""

        def elsewhere(desk: Desk) -> None:
            other = block_screens.neighbour(desk, self.content)
            self.but(content=other)._written()(desk)

        acts: list[tuple[str, Callable[[Desk], None]]] = [("dans un autre contenu", elsewhere)]
        if self.in_title:
            in_the_text = self.but(in_text=self.in_text or self.in_title)
            acts.append(("dans le texte seulement", in_the_text._written(title=False)))
        if self.in_text:
            in_the_title = self.but(in_title=self.in_title or self.in_text)
            acts.append(("dans le titre seulement", in_the_title._written(text=False)))
        acts.append(("éditeur quitté sans mettre à jour", self._written(save=False)))
        return [NearMiss(name, KEYWORDS, run) for name, run in acts]

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An article about a dessert."""
        return (
            cls(content="crumble-pommes-palets", in_title=("dessert breton",), in_text=("dessert breton", "cidre")),
        )

    def _written(self, title: bool = True, text: bool = True, save: bool = True) -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            editor = block_screens.open_content(desk, self.content)
            if text and self.in_text:
                content_changes.begin(editor)
                editor.add_paragraph(f"Voici ce qui compte : {', '.join(self.in_text)}.")
            if title and self.in_title:
                editor.canvas.locator(".editor-post-title").click()
                editor.page.keyboard.press("Control+End")
                editor.page.keyboard.insert_text(f" – {', '.join(self.in_title)}")
            if save:
                editor.save()

        return run

    def _add_to_title(self, form: Locator) -> None:
        field = form.locator("input[name=post_title]")
        field.fill(f"{', '.join(self.in_title)} : {field.input_value()}")


class Tags(Check, id="wordpress.referencement.tags"):
    """Un article qui existe porte les étiquettes demandées."""

    proves = (TAGS,)

    post: Annotated[str, Refers("posts.slug")] = Field(min_length=1, description="L’identifiant (slug) de l’article.")
    tags: tuple[WantedText, ...] = Field(min_length=1, description="Les étiquettes demandées ; d’autres sont admises.")

    def verify(self, site: Site) -> list[Finding]:
        """The tags of the article, which is in front of a visitor."""
        what = "l’étiquette" if len(self.tags) == 1 else "les étiquettes"
        expected = (
            f"l’article « {seeded.title_of(self.company, self.post, ('posts',))} » porte {what} {quoted(self.tags)}"
        )
        content = naming.named(self.company, contents.contents(site), self.post, site.taken_at, ("post",))
        if content is None:
            return absent(site, (TAGS,), expected)
        contents.show(site, content)
        missing = [tag for tag in self.tags if not any(same(tag, seen) for seen in content.tags)]
        near = {tag: seen for tag in missing for seen in content.tags if nearly_same(tag, seen)}
        observed = f"étiquettes : {quoted(content.tags)}" if content.tags else "aucune étiquette"
        verdict = Verdict.MET if not missing else Verdict.TO_JUDGE if list(near) == missing else Verdict.NOT_MET
        if verdict is Verdict.TO_JUDGE:
            observed += " ; à lire : " + ", ".join(f"« {tag} » est écrit « {seen} »" for tag, seen in near.items())
        elif missing:
            observed += f" ; il manque {quoted(missing)}"
        found = Finding(
            TAGS,
            verdict,
            expected,
            observed,
            (site.shot("l’article", mark=site.page.locator("article a[rel~='tag']")),),
        )
        return [*still_shown(site, content, [found])]

    def ways(self) -> Sequence[Act]:
        """The quick edit, and the editor's column."""

        def in_the_editor(desk: Desk) -> None:
            editor = post_lists.edit(desk, "post", self.post)
            for tag in self.tags:
                editor.add_tag(tag)
            editor.save()

        return (Act("par la modification rapide", self._quick()), Act("dans l’éditeur", in_the_editor))

    def near_misses(self) -> Sequence[NearMiss]:
        """A category, the neighbour, one left out, not kept."""

        def neighbour(desk: Desk) -> None:
            other = post_lists.other_slug(desk, "post", self.post)
            self.but(post=other)._quick()(desk)

        def as_category(desk: Desk) -> None:
            editor = post_lists.edit(desk, "post", self.post)
            for tag in self.tags:
                editor.create_category(tag)
            editor.save()

        misses = [
            NearMiss("créées comme catégories", TAGS, as_category),
            NearMiss("sur l’article voisin", TAGS, neighbour),
            NearMiss("modification rapide annulée", TAGS, self._quick(save=False)),
        ]
        if len(self.tags) > 1:
            misses.append(NearMiss("une étiquette oubliée", TAGS, self.but(tags=self.tags[1:])._quick()))
        return misses

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """One that exists, and a new one."""
        return (cls(post="un-four-neuf", tags=("palets", "savoir-faire")),)

    def _quick(self, save: bool = True) -> Callable[[Desk], None]:
        return lambda desk: post_lists.quick_edit(
            desk, "post", self.post, lambda form: fill_tags(form, self.tags), save
        )


def fill_tags(form: Locator, tags: Sequence[str]) -> None:
    """Add tags in a quick edit."""
    field = form.locator("textarea[name='tax_input[post_tag]']")
    there = field.input_value()
    field.fill(", ".join([*([there] if there else []), *tags]))
