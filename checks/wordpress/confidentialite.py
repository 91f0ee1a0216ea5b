"""Contents: the page of the privacy policy, made by WordPress, completed and published."""

import re
from collections.abc import Callable, Sequence
from typing import Self

from pydantic import Field

from checks.wordpress.reading import contents, naming
from checks.wordpress.reading.answers import office_screen
from checks.wordpress.reading.contents import Body, Content
from checks.wordpress.reading.sections import around, section_of
from checks.wordpress.reading.wording import denials, written_otherwise
from checks.wordpress.screens import post_lists, stored, yoast_plugin
from checks.wordpress.screens.content_changes import begin
from checks.wordpress.screens.editor import Editor
from checks.wordpress.screens.office import office
from provisioner.french.negation import denied
from provisioner.french.text import fold, holds, nearly_holds, quoted, same
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Road, Site, Verdict, WantedText, finding
from provisioner.subject.functionalities import fact

DESIGNATED = fact("wordpress.contenu.confidentialite", "page désignée et publiée")
COMPLETED = fact("wordpress.contenu.confidentialite", "rubrique complétée")

_SCREEN = "options-privacy.php"
_TITLE = "Politique de confidentialité"


class PrivacyPage(Check, id="wordpress.contenu.privacy_page"):
    """La page de politique de confidentialité est désignée dans les réglages, publiée, et complétée.

    Le texte demandé doit se lire dans la rubrique demandée, sous-titres compris : jusqu’au titre suivant de même niveau.
    """

    proves = (DESIGNATED, COMPLETED)

    section: str = Field("Qui sommes-nous ?", description="Le titre de la rubrique à compléter.")
    elements: tuple[WantedText, ...] = Field(
        (), description="Ce que cette rubrique doit dire ; vide quand la question ne fait que générer la page."
    )

    def facts(self) -> tuple[str, ...]:
        """The second where a text is asked for."""
        return (DESIGNATED, COMPLETED) if self.elements else (DESIGNATED,)

    def verify(self, site: Site) -> list[Finding]:
        """The page that the settings name, as a visitor reads it."""
        number = designated(site)
        screen = site.shot(
            "les réglages de confidentialité",
            site.signed_in(),
            mark=site.signed_in().locator(".privacy-settings-body strong, select#page_for_privacy_policy"),
        )
        pages = [one for one in contents.contents(site) if one.kind == "page"]
        page = next((one for one in pages if one.id == number), None)
        other = page or naming.named(self.company, pages, _TITLE, site.taken_at, ("page",))
        expected = "une page est désignée comme politique de confidentialité et publiée"
        read = contents.read(site, other) if other else None
        public = bool(read and read.public and other and other.public(site.taken_at))
        shot = site.shot(
            "la page vue par un visiteur",
            mark=site.page.get_by_role("heading", name=self.section) if self.elements else None,
        )
        if page is None:
            observed = "aucune page n’est désignée dans Réglages > Confidentialité"
            observed += f" ; {other} existe, {other.state(site.taken_at)}" if other else ""
            findings = [finding(DESIGNATED, False, expected, observed, screen)]
        else:
            observed = f"{page} est désignée ; elle est {page.state(site.taken_at)}"
            verdict = Verdict.MET if public else Verdict.NOT_MET
            if page.public(site.taken_at) and not public:
                verdict, observed = Verdict.TO_JUDGE, f"{observed} ; à lire : son adresse montre autre chose"
            # The button that makes it is still there afterwards: who clicks twice may publish the first.
            instead = next(
                (c for c in pages if not c.seeded and c.public(site.taken_at) and same(c.title, page.title)), None
            )
            if instead and not page.public(site.taken_at):
                verdict, observed = Verdict.TO_JUDGE, f"{observed} ; à lire : {instead} est en ligne à sa place"
            if public and not re.search("confidential|donnees|vie privee|rgpd|cookies", fold(page.title)):
                verdict, observed = (
                    Verdict.TO_JUDGE,
                    f"{observed} ; à lire : le titre « {page.title} » n’annonce pas cette politique",
                )
            findings = [Finding(DESIGNATED, verdict, expected, observed, (screen, shot))]
        if self.elements:
            expected = f"la rubrique « {self.section} » dit {quoted(self.elements)}"
            body = read.whole if read else Body()
            verdict, observed = self.judge(body) if read else (Verdict.NOT_MET, "le site n’a pas de telle page")
            if read and self.judge(read.visible)[0] is not verdict:
                verdict, observed = (
                    Verdict.TO_JUDGE,
                    f"{observed} ; à lire : une partie de la page est masquée aux visiteurs",
                )
            if other and verdict is Verdict.NOT_MET and (twin := self._twin(site, other, pages)):
                verdict, observed = Verdict.TO_JUDGE, f"{observed} ; à lire : cette rubrique est complétée dans {twin}"
            note = site.note("le texte de la page", f"{other or 'aucune page'}\n{body.text}")
            findings.append(Finding(COMPLETED, verdict, expected, observed, (shot, note)))
        return findings

    def _twin(self, site: Site, page: Content, pages: Sequence[Content]) -> str:
        """Another page of its title that says what is asked: the button that makes it makes two for two clicks."""
        twins = [one for one in pages if one.id != page.id and one.status != "trash" and same(page.title, one.title)]
        for one in twins:
            if self.judge(contents.read(site, one).whole)[0] is not Verdict.NOT_MET:
                return f"{one}, {one.state(site.taken_at)}"
        return ""

    def judge(self, body: Body) -> tuple[Verdict, str]:
        """Whether the section says what it must."""
        section = section_of(body, self.section)
        if section is None:
            elsewhere = all(holds(body.text, element) for element in self.elements)
            verdict = Verdict.TO_JUDGE if elsewhere else Verdict.NOT_MET
            said = " ; à lire : le texte demandé est ailleurs dans la page" if elsewhere else ""
            return verdict, f"la page n’a pas de rubrique « {self.section} »{said}"
        missing = [element for element in self.elements if not holds(section, element)]
        if not missing:
            if doubts := denials((element, denied(section, element)) for element in self.elements):
                return Verdict.TO_JUDGE, f"à lire : {' ; '.join(doubts)}"
            return Verdict.MET, "la rubrique dit tout ce qui est demandé"
        if all(nearly_holds(section, element) for element in missing):
            return Verdict.TO_JUDGE, f"à lire : {' ; '.join(written_otherwise(missing, section))}"
        wider = around(body, self.section)
        if all(holds(wider, element) for element in self.elements):
            return Verdict.TO_JUDGE, "à lire : la rubrique le dit dans son titre, ou sous un titre qui y a été ajouté"
        misplaced = [element for element in missing if holds(body.text, element)]
        said = f" ; ailleurs dans la page, on lit {quoted(misplaced)}" if misplaced else ""
        return Verdict.NOT_MET, f"dans cette rubrique, il manque {quoted(missing)}{said}"

    def ways(self) -> Sequence[Act]:
        """WordPress makes the page; or it is written by hand and named in the settings."""

        def made_then_found_again(desk: Desk) -> None:
            number = create(desk).number
            editor = Editor.open(desk, number)
            if self.elements:
                complete_code(editor, self.section, self._text())
            editor.publish()

        def by_hand(desk: Desk) -> None:
            number = self._by_hand(desk)
            designate(desk, number)

        def under_a_subtitle(desk: Desk) -> None:
            editor = create(desk)
            complete(editor, self.section, self._text(), subtitle="Nous contacter")
            editor.publish()

        ways = [
            Act("page générée, complétée et publiée", self._made()),
            Act("page générée, rouverte dans l’éditeur de code", made_then_found_again),
            Act("page écrite à la main, puis désignée", by_hand),
        ]
        if self.elements:
            ways.append(Act("sous un sous-titre de la rubrique", under_a_subtitle))
        return ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Not published, not named, another section, another page, a part left out."""

        def draft(desk: Desk) -> None:
            editor = create(desk)
            complete(editor, self.section, self._text())
            editor.save()

        def private(desk: Desk) -> None:
            create(desk).publish_privately()

        def not_named(desk: Desk) -> None:
            self._by_hand(desk)

        misses = [
            NearMiss("page générée, laissée en brouillon", DESIGNATED, draft),
            NearMiss("page publiée en privé", DESIGNATED, private),
            NearMiss("page publiée, mais non désignée", DESIGNATED, not_named),
        ]
        if self.elements:

            def elsewhere(desk: Desk) -> None:
                editor = create(desk)
                add_section(editor, "Nos coordonnées", self._text())
                editor.publish()

            def other_page(desk: Desk) -> None:
                create(desk).publish()
                other = post_lists.other_slug(desk, "page", "politique-de-confidentialite")
                post_lists.type_into(desk, "page", other, self._text())

            misses += [
                NearMiss("page publiée telle que générée", COMPLETED, lambda desk: create(desk).publish()),
                NearMiss("texte mis dans une autre rubrique", COMPLETED, elsewhere),
                NearMiss("texte mis dans une autre page", COMPLETED, other_page),
                NearMiss("un élément oublié", COMPLETED, self.but(elements=self.elements[1:])._made("Bonjour.")),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """A sentence that denies, a page that the reading settings hide, a plugin's welcome in the place of the settings."""

        def turned_blog(desk: Desk) -> None:
            editor = create(desk)
            editor.publish()
            stored.blog_at(desk, editor.number)

        def then_a_plugin(desk: Desk) -> None:
            self._made()(desk)
            yoast_plugin.activate_unseen(desk)

        def denied(desk: Desk) -> None:
            editor = create(desk)
            complete(editor, self.section, f"Nous ne sommes plus : {self._text()}.")
            editor.publish()

        roads = [
            Road("la page devenue ensuite celle des articles", DESIGNATED, turned_blog),
            Road("Yoast SEO activée ensuite, dont l’accueil s’ouvre une fois", DESIGNATED, then_a_plugin, Verdict.MET),
        ]
        if self.elements:
            roads.append(Road("une phrase qui nie les éléments", COMPLETED, denied))
        return roads

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """What every policy begins with."""
        return (
            cls(elements=("Biscuiterie des Trois Ajoncs", "3 chemin de la Palud", "bonjour@biscuiterie.examen.test")),
        )

    def _text(self) -> str:
        return " ; ".join(self.elements)

    def _made(self, otherwise: str = "") -> Callable[[Desk], None]:
        def run(desk: Desk) -> None:
            editor = create(desk)
            if text := self._text() or otherwise:
                complete(editor, self.section, text)
            editor.publish()

        return run

    def _by_hand(self, desk: Desk) -> int:
        editor = Editor.new(desk, "page")
        editor.write_title(_TITLE)
        editor.add_heading(self.section)
        editor.page.keyboard.press("Enter")
        editor.page.keyboard.insert_text(self._text() or "Nous respectons vos données.")
        editor.publish()
        return editor.number


# --- its screens ------------------------------------------------------------------------------


def designated(site: Site) -> int:
    """The number of the page that the settings name, which the administrator's page then shows; 0 for none."""
    body = office_screen(site, _SCREEN).locator(".privacy-settings-body")
    links: list[str] = body.locator("strong a[href*='action=edit']").evaluate_all("all => all.map(a => a.href)")
    chosen = body.locator("select#page_for_privacy_policy")
    named = re.search(r"[?&]post=(\d+)", links[0]) if links else None
    if named:
        return int(named[1])
    return int(chosen.input_value()) if chosen.count() else 0


def create(desk: Desk) -> Editor:
    """The button that generates the page, which is then open in its editor."""
    page = office(desk, _SCREEN)
    page.locator("#create-page").click()
    page.wait_for_url("**/post.php?**")
    number = re.search(r"[?&]post=(\d+)", page.url)
    assert number, page.url
    return Editor.open(desk, int(number[1]))


def designate(desk: Desk, number: int) -> None:
    """Choose the page in the settings."""
    page = office(desk, _SCREEN)
    page.locator("select#page_for_privacy_policy").select_option(str(number))
    page.locator("#set-page").click()
    page.locator(".notice-success, .settings-error.updated").first.wait_for()


def complete(editor: Editor, section: str, text: str, subtitle: str = "") -> None:
    """Write below the heading of a section, under a subtitle of its own if one is given."""
    spaced = re.compile(r"\s+".join(map(re.escape, section.replace("?", " ?").split())))
    editor.canvas.locator("h2.block-editor-rich-text__editable").filter(has_text=spaced).first.click()
    editor.page.keyboard.press("End")
    editor.page.keyboard.press("Enter")
    if subtitle:
        editor.page.keyboard.type("### ")
        editor.page.keyboard.insert_text(subtitle)
        editor.page.keyboard.press("Enter")
    editor.page.keyboard.insert_text(text)


def complete_code(editor: Editor, section: str, text: str) -> None:
    """The same in the code editor."""
    editor.page.keyboard.press("Control+Shift+Alt+m")
    field = editor.page.locator("textarea.editor-post-text-editor")
    words = r"(?:\s|&nbsp;)*".join(map(re.escape, section.replace("?", " ?").split()))
    paragraph = f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->"
    heading = rf"({words}</h\d>\s*<!-- /wp:heading -->)"
    field.fill(re.sub(heading, lambda found: f"{found[1]}\n\n{paragraph}", field.input_value(), count=1))


def add_section(editor: Editor, title: str, text: str) -> None:
    """Another section, at the top."""
    begin(editor)
    editor.add_heading(title)
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.insert_text(text)
