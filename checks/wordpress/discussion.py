"""Navigation: the settings of comments, and where comments are closed."""

from collections.abc import Callable, Sequence
from typing import Annotated, Self

from playwright.sync_api import Locator
from pydantic import Field, model_validator

from checks.visibility import unseen
from checks.wordpress.reading import contents, seeded
from checks.wordpress.reading.answers import office_screen
from checks.wordpress.reading.content_verdicts import meant
from checks.wordpress.reading.contents import plain
from checks.wordpress.reading.wording import of_quoted
from checks.wordpress.screens import disturbances, post_lists
from checks.wordpress.screens.content_changes import to_draft, to_protected
from checks.wordpress.screens.office import office
from provisioner.french.text import numbered, quoted
from provisioner.subject.check import Act, Check, Desk, Finding, NearMiss, Refers, Road, Site, Verdict, finding
from provisioner.subject.functionalities import fact

APPROVAL = fact("wordpress.navigation.reglages", "approbation manuelle")
CLOSED = fact("wordpress.navigation.reglages", "commentaires fermés")


class CommentSettings(Check, id="wordpress.navigation.comment_settings"):
    """Les commentaires : approuvés à la main, fermés sur les nouvelles publications, ou fermés sur certains contenus."""

    proves = (APPROVAL, CLOSED)

    manual_approval: bool = Field(False, description="Chaque commentaire doit être approuvé manuellement.")
    closed: bool = Field(False, description="Les nouvelles publications n’acceptent pas de commentaires.")
    closed_on: tuple[Annotated[str, Refers("posts.slug", "pages.slug")], ...] = Field(
        (), description="Les identifiants (slugs) des articles ou des pages dont les commentaires sont à fermer."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not self.facts():
            raise ValueError("manual_approval, closed ou closed_on doit être demandé")
        return self

    def facts(self) -> tuple[str, ...]:
        """Those that are asked for."""
        asked = {APPROVAL: self.manual_approval, CLOSED: self.closed or bool(self.closed_on)}
        return tuple(f for f, wanted in asked.items() if wanted)

    def verify(self, site: Site) -> list[Finding]:
        """The settings as they are kept, and under each content whether a visitor may still comment."""
        page = office_screen(site, "options-discussion.php")
        form = page.locator("form[action='options.php']")
        kept: dict[str, str] = form.evaluate("form => Object.fromEntries(new FormData(form))")
        screen = site.shot(
            "les réglages de discussion",
            page,
            mark=page.locator("label[for='comment_moderation'], label[for='default_comment_status']"),
        )
        found = []
        if self.manual_approval:
            manual = kept.get("comment_moderation") == "1"
            expected = "Un commentaire doit être approuvé manuellement avant de paraître."
            observed = f"La case « Le commentaire doit être approuvé manuellement » {_ticked(manual)}."
            found.append(finding(APPROVAL, manual, expected, observed, screen))
        if self.closed or self.closed_on:
            found.append(self._closed(site, kept, screen))
        return found

    def _closed(self, site: Site, kept: dict[str, str], screen: str) -> Finding:
        verdicts, observed, evidence = [], [], []
        if self.closed:
            accepted = kept.get("default_comment_status") == "open"
            verdicts.append(Verdict.NOT_MET if accepted else Verdict.MET)
            observed.append(
                f"la case « Autoriser les commentaires sur les nouvelles publications » {_ticked(accepted)}"
            )
            evidence.append(screen)
        titles = [
            plain(item["title"]["raw"]) if (item := meant(site, slug)[0]) else seeded.title_of(self.company, slug)
            for slug in self.closed_on
        ]
        for slug, title in zip(self.closed_on, titles, strict=True):
            verdict, seen = self._closed_under(site, slug, kept)
            verdicts.append(verdict)
            observed.append(seen)
            evidence.append(
                site.shot(f"les commentaires de « {title} »", mark=site.page.locator("#comments, #respond").first)
            )
        worst = next((v for v in (Verdict.NOT_MET, Verdict.TO_JUDGE) if v in verdicts), Verdict.MET)
        asked = ["sur les nouvelles publications"] * self.closed
        online = "qui restent en ligne" if len(titles) > 1 else "qui reste en ligne"
        asked += [f"sous {quoted(titles)}, {online}"] * bool(titles)
        expected = f"Les commentaires sont fermés {' et '.join(asked)}."
        said = " ; ".join(observed)
        return Finding(CLOSED, worst, expected, f"{said[:1].upper()}{said[1:]}.", tuple(evidence))

    @staticmethod
    def _closed_under(site: Site, slug: str, kept: dict[str, str]) -> tuple[Verdict, str]:
        item, doubt = meant(site, slug)
        if item is None or not contents.shown_at(site, item):
            closed = item is not None and item["status"] == "private" and item["comment_status"] == "closed"
            why = contents.why_gone(site.company, item, slug)
            return (
                (Verdict.TO_JUDGE, f"à lire : {why}, mais les commentaires y sont fermés")
                if closed
                else (Verdict.NOT_MET, why)
            )
        name = plain(item["title"]["raw"])
        title = f"« {name} »"
        form = site.page.locator("#respond form")  # a theme gives it an id of its own
        hidden = unseen(form)
        if form.count() and not hidden:
            return Verdict.NOT_MET, f"{title} montre encore le formulaire de commentaire"
        if item["comment_status"] == "closed":
            verdict, said = (Verdict.TO_JUDGE, f" ; à lire : {doubt}") if doubt else (Verdict.MET, "")
            return verdict, f"{title} n’accepte plus de commentaire{said}"
        if kept.get("close_comments_for_old_posts"):
            days = numbered(int(kept.get("close_comments_days_old") or 0), "jour")
            those = f"à lire : les commentaires {of_quoted(name)} sont fermés"
            return Verdict.TO_JUDGE, f"{those} comme ceux de tous les contenus de plus de {days}"
        if kept.get("comment_registration"):
            return Verdict.NOT_MET, f"{title} accepte encore les commentaires, mais seulement de personnes connectées"
        why = hidden or "le thème ne le montre pas"
        return (
            Verdict.TO_JUDGE,
            f"à lire : un visiteur ne voit pas le formulaire de commentaire {of_quoted(name)} ({why}), qui reste ouvert",
        )

    def ways(self) -> Sequence[Act]:
        """The settings' screen; for single contents quick edit, bulk edit and the editor."""
        if not self.closed_on:
            return (Act("Réglages > Discussion", lambda desk: self._do(desk, self._quick)),)
        return (
            Act("modification rapide", lambda desk: self._do(desk, self._quick)),
            Act("actions groupées", lambda desk: self._do(desk, self._bulk)),
            Act("réglages de l’éditeur", lambda desk: self._do(desk, self._in_the_editor)),
        )

    def near_misses(self) -> Sequence[NearMiss]:
        """The box beside, the neighbour, nothing saved."""

        def only(**boxes: bool) -> Callable[[Desk], None]:
            return lambda desk: _settings(desk, boxes)

        misses = []
        if self.manual_approval:
            misses += [
                NearMiss(
                    "case cochée sans enregistrer",
                    APPROVAL,
                    lambda desk: _settings(desk, {"comment_moderation": True}, save=False),
                ),
                NearMiss("connexion exigée à la place", APPROVAL, only(comment_registration=True)),
                NearMiss(
                    "notification à la place de l’approbation",
                    APPROVAL,
                    only(moderation_notify=True, comment_previously_approved=True),
                ),
            ]
        if self.closed:
            misses += [
                NearMiss("notifications d’autres sites décochées à la place", CLOSED, only(default_ping_status=False)),
                NearMiss("anciens articles fermés à la place", CLOSED, only(close_comments_for_old_posts=True)),
            ]
        for slug in self.closed_on[:1]:

            def neighbour(desk: Desk, slug: str = slug) -> None:
                kind = post_lists.kind_of(desk, slug)
                post_lists.quick_edit(desk, kind, post_lists.other_slug(desk, kind, slug), _close)

            def pings(desk: Desk, slug: str = slug) -> None:
                kind = post_lists.kind_of(desk, slug)
                post_lists.quick_edit(desk, kind, slug, lambda form: form.locator("[name=ping_status]").uncheck())

            def closed_and(change: Callable[[Locator], object], slug: str = slug) -> Callable[[Desk], None]:
                def both(form: Locator) -> None:
                    _close(form)
                    change(form)

                return lambda desk: post_lists.quick_edit(desk, post_lists.kind_of(desk, slug), slug, both)

            misses += [
                NearMiss("fermés, mais l’article est derrière un mot de passe", CLOSED, closed_and(to_protected)),
                NearMiss("commentaires de l’article voisin fermés", CLOSED, neighbour),
                NearMiss("rétroliens fermés à la place", CLOSED, pings),
                NearMiss("fermés, mais repassé en brouillon", CLOSED, closed_and(to_draft)),
                NearMiss(
                    "fermés pour les nouvelles publications seulement", CLOSED, only(default_comment_status=False)
                ),
                NearMiss("réservés aux personnes connectées", CLOSED, only(comment_registration=True)),
            ]
        return misses

    def roads(self) -> Sequence[Road]:
        """The content made private by another question; its form hidden by a style."""
        if not self.closed_on:
            return ()

        def then_private(desk: Desk) -> None:
            self._quick(desk, self.closed_on[0])
            disturbances.content(desk, self.closed_on[0], {"status": "private"})

        def hidden(desk: Desk) -> None:
            disturbances.css_added(desk, "#respond { display: none; }")

        return (
            Road("le contenu rendu privé ensuite", CLOSED, then_private),
            Road("formulaire masqué par du CSS additionnel", CLOSED, hidden),
        )

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """The settings, and one article whose comments are closed."""
        return (cls(manual_approval=True, closed=True), cls(closed_on=("crackers-au-sarrasin",)))

    def _do(self, desk: Desk, close: Callable[[Desk, str], None]) -> None:
        boxes = {"comment_moderation": True} if self.manual_approval else {}
        if self.closed:
            boxes["default_comment_status"] = False
        if boxes:
            _settings(desk, boxes)
        for slug in self.closed_on:
            close(desk, slug)

    @staticmethod
    def _quick(desk: Desk, slug: str) -> None:
        post_lists.quick_edit(desk, post_lists.kind_of(desk, slug), slug, _close)

    @staticmethod
    def _bulk(desk: Desk, slug: str) -> None:
        post_lists.bulk_edit(
            desk,
            post_lists.kind_of(desk, slug),
            (slug,),
            lambda form: form.locator("[name=comment_status]").select_option("closed"),
        )

    @staticmethod
    def _in_the_editor(desk: Desk, slug: str) -> None:
        editor = post_lists.edit(desk, post_lists.kind_of(desk, slug), slug)
        editor.close_comments()
        editor.save()


def _ticked(ticked: bool) -> str:
    return "est cochée" if ticked else "n’est pas cochée"


def _close(form: Locator) -> None:
    """The box of comments in a quick edit."""
    form.locator("input[name=comment_status]").uncheck()


def _settings(desk: Desk, boxes: dict[str, bool], save: bool = True) -> None:
    """Tick or untick boxes of the discussion settings."""
    page = office(desk, "options-discussion.php")
    for name, ticked in boxes.items():
        page.locator(f"input[name={name}]").set_checked(ticked)
    if save:
        page.locator("#submit").click()
        page.locator("#setting-error-settings_updated").wait_for()
