"""Users: whose article or page it is."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Self

from playwright.sync_api import Locator
from pydantic import Field

from checks.wordpress.reading import contents, naming
from checks.wordpress.reading.answers import Kind, rest_all, rest_or_none
from checks.wordpress.reading.content_verdicts import doubted, meant
from checks.wordpress.reading.contents import plain
from checks.wordpress.reading.seeded import others_of_its_author, title_of
from checks.wordpress.screens import accounts, disturbances, post_lists
from checks.wordpress.screens.content_changes import to_draft, to_protected
from checks.wordpress.screens.office import office
from provisioner.french.text import quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, finding
from provisioner.subject.functionalities import fact

POST = fact("wordpress.utilisateurs.auteur", "auteur d’un article")
PAGE = fact("wordpress.utilisateurs.auteur", "auteur d’une page")


class ContentAuthor(Check, id="wordpress.utilisateurs.author"):
    """Un article ou une page a pour auteur le compte demandé, et reste publié à son adresse.

    Quand ce compte a reçu aussi d’autres contenus de l’ancien auteur, c’est à apprécier.
    """

    proves = (POST, PAGE)

    kind: Kind = Field("post", description="« post » pour un article, « page » pour une page.")
    slug: Annotated[str, Refers("posts.slug", "pages.slug")] = Field(
        min_length=1, description="L’identifiant (slug) de l’article ou de la page."
    )
    author: Annotated[str, Refers("users.login")] = Field(
        min_length=1,
        description="L’identifiant de connexion de l’auteur attendu ; pour une page, un compte qui peut modifier les pages.",
    )

    def facts(self) -> tuple[str, ...]:
        """The one that fits the kind."""
        return (POST if self.kind == "post" else PAGE,)

    def verify(self, site: Site) -> list[Finding]:
        """The account in the back office, on what a visitor still finds at the address."""
        what = "l’article" if self.kind == "post" else "la page"
        item, doubt = meant(site, self.slug, (self.kind,))
        title = plain(item["title"]["raw"]) if item else title_of(self.company, self.slug)
        expected = f"L’auteur de {what} « {title} » est le compte « {self.author} » ; {what} reste en ligne."
        if item is None:
            site.visit(f"/{self.slug}/")
            observed = f"« {title} » n’est pas sur le site."
            return [finding(self.facts()[0], False, expected, observed, site.shot("ce que montre cette adresse"))]
        online = contents.shown_at(site, item)
        user = rest_or_none(site, f"wp/v2/users/{item['author']}?context=edit") or {}
        login = str(user.get("username", ""))
        observed = f"L’auteur est {user['name']}, compte « {login} »" if user else "Le compte de l’auteur n’existe plus"
        observed += (
            f" ; {_signature(site, item)}." if online else f" ; {contents.why_gone(self.company, item, self.slug)}."
        )
        # Who makes it private means that; a draft was taken back.
        withdrawn = not online and item["status"] in ("private", "future")
        met = (online or withdrawn) and naming.is_login(self.author, login)
        shot = site.shot(
            "la page vue par un visiteur",
            mark=site.page.locator("article").locator("a[rel~=author], .author-name").first,
        )
        found = finding(self.facts()[0], met, expected, observed, shot)
        doubts = [doubt, "l’auteur est bien le compte demandé" if withdrawn and met else ""]
        if met and (moved := self._moved(site, item)):
            what = "un autre contenu de l’ancien auteur a été donné"
            if len(moved) > 1:
                what = "d’autres contenus de l’ancien auteur ont été donnés"
            doubts.append(f"{what} à ce compte : {quoted(moved)}")
        return [doubted(found, *doubts)]

    def _moved(self, site: Site, item: dict[str, Any]) -> list[str]:
        """What else of the former author's has become the new one's: all was given away, or the account deleted."""
        others = others_of_its_author(self.company, self.kind, self.slug)
        if not others:
            return []
        rows = rest_all(site, f"wp/v2/{self.kind}s?context=edit&status=any&author={item['author']}&_fields=slug,title")
        return [plain(row["title"]["raw"]) for row in rows if row["slug"] in others]

    def ways(self) -> Sequence[Act]:
        """The list's quick edit, its bulk edit, and the editor's own panel."""

        def in_the_editor(desk: Desk) -> None:
            post_lists.author_in_editor(desk, self.kind, self.slug, self.author)

        return (
            Act("modification rapide dans la liste", lambda desk: self._quick(desk, self._choose)),
            Act(
                "actions groupées",
                lambda desk: post_lists.bulk_edit(desk, self.kind, (self.slug,), self._choose),
            ),
            Act("réglages de l’éditeur", in_the_editor),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """Another author, another article, another name for the same account, no longer online."""

        def somebody_else(desk: Desk) -> None:
            post_lists.author_in_editor(desk, self.kind, self.slug, unlike=self.author)

        def neighbour(desk: Desk) -> None:
            other = post_lists.other_slug(desk, self.kind, self.slug)
            post_lists.quick_edit(desk, self.kind, other, self._choose)

        def renamed(desk: Desk) -> None:
            name = accounts.display_name(desk, self.author)
            page = office(desk, f"edit.php?post_type={self.kind}")
            link = post_lists.row_of(page, self.slug).locator(".column-author a").get_attribute("href") or ""
            number = re.search(r"author=(\d+)", link)
            assert number, link
            accounts.rename_user(desk, number[1], name)

        def typed(desk: Desk) -> None:
            post_lists.type_into(desk, self.kind, self.slug, f"Par {accounts.display_name(desk, self.author)}")

        def signed_in_the_title(desk: Desk) -> None:
            name = accounts.display_name(desk, self.author)
            field = "input[name=post_title]"
            self._quick(desk, lambda form: form.locator(field).fill(f"{form.locator(field).input_value()}, par {name}"))

        def chosen_and(more: Callable[[Locator], object]) -> Callable[[Desk], None]:
            def change(form: Locator) -> None:
                self._choose(form)
                more(form)

            return lambda desk: self._quick(desk, change)

        acts: list[tuple[str, Callable[[Desk], None]]] = [
            ("un autre auteur", somebody_else),
            ("le contenu voisin", neighbour),
            ("compte de l’ancien auteur renommé", renamed),
            ("nom de l’auteur écrit dans le texte", typed),
            ("nom de l’auteur écrit dans le titre", signed_in_the_title),
            ("auteur changé, mais repassé en brouillon", chosen_and(to_draft)),
            ("auteur changé, mais derrière un mot de passe", chosen_and(to_protected)),
            (
                "modification rapide annulée",
                lambda desk: post_lists.quick_edit(desk, self.kind, self.slug, self._choose, save=False),
            ),
            (
                "éditeur quitté sans mettre à jour",
                lambda desk: post_lists.author_in_editor(desk, self.kind, self.slug, self.author, save=False),
            ),
        ]
        return [NearMiss(name, self.facts()[0], run) for name, run in acts]

    def roads(self) -> Sequence[Road]:
        """The content or the account changed by another question."""
        first = self.ways()[0].run

        def then_private(desk: Desk) -> None:
            first(desk)
            disturbances.content(desk, self.slug, {"status": "private"})

        def signs_otherwise(desk: Desk) -> None:
            first(desk)
            accounts.show_as(desk, self.author, "La rédaction")

        return (
            Road("rendu privé ensuite", self.facts()[0], then_private),
            Road("nom affiché du compte changé", self.facts()[0], signs_otherwise, Verdict.MET),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """An article, and a page, which may only be given to who may edit pages."""
        return (
            cls(slug="crackers-au-sarrasin", author="maelle.kervoas"),
            cls(kind="page", slug="nos-engagements", author="nolwenn.abgrall"),
        )

    def _choose(self, form: Locator) -> None:
        post_lists.choose_author(form, self.author)

    def _quick(self, desk: Desk, change: Callable[[Locator], object]) -> None:
        post_lists.quick_edit(desk, self.kind, self.slug, change)


def _signature(site: Site, item: dict[str, Any]) -> str:
    """The by-line that the visitor's page shows, where the theme shows one."""
    link = site.page.locator("article a[rel~=author], article .author-name").first
    return f"signature visible : « {link.inner_text().strip()} »" if link.count() else "aucune signature affichée"
