"""Users: accounts that are created, changed or deleted, and their roles."""

from collections.abc import Sequence
from typing import Any

from checks.wordpress.reading import contents, naming, seeded
from checks.wordpress.reading.answers import office_screen, rest_all
from checks.wordpress.reading.content_verdicts import worst
from checks.wordpress.reading.contents import leads_to, plain
from checks.wordpress.reading.wording import agreed
from checks.wordpress.screens.wanted_account import DELETED, FIELDS, ROLE, STORED, WantedAccount
from provisioner.french.text import nearly_holds, nearly_same, quoted, same, same_address
from provisioner.subject.check import Finding, Site, Verdict

_ROLES: dict[str, str] = {
    "administrator": "administrateur",
    "editor": "éditeur",
    "author": "auteur",
    "contributor": "contributeur",
    "subscriber": "abonné",
}


class Account(WantedAccount, id="wordpress.utilisateurs.account"):
    """Un compte est créé, modifié ou supprimé ; il a le rôle demandé."""

    def verify(self, site: Site) -> list[Finding]:
        """The accounts as the office lists them; of a deleted one, also its contents as a visitor finds them."""
        users = rest_all(site, "wp/v2/users?context=edit")
        page = office_screen(site, "users.php")
        evidence = site.shot(
            "la liste des comptes", page, mark=page.locator("#the-list tr").filter(has_text=self.login)
        )
        user = next((u for u in users if u["username"].casefold() == self.login.casefold()), None)
        if self.state == "deleted":
            verdict, expected, observed = self._gone(site, user, users)
            return [Finding(DELETED, verdict, expected, observed, (evidence,))]
        near = None if user else next((u for u in users if nearly_same(self.login, u["username"])), None)
        # Of an account made under another name, the role can still be seen.
        his = next((u for u in users if self.state == "created" and same_address(self.email, u["email"])), None)
        found = []
        for one in self.facts():
            if one == ROLE:
                verdict, expected, observed = _role(self.role, user or near or his)
            else:
                verdict, expected, observed = self._described(user or near, users, his)
            if near and one != ROLE and verdict is not Verdict.MET:
                observed += f" ; identifiant : « {near['username']} »"
            if (other := None if user else near or his) and verdict is Verdict.MET:
                verdict, observed = (
                    Verdict.TO_JUDGE,
                    f"{observed} ; à lire : l’identifiant est « {other['username']} », et non « {self.login} »",
                )
            found.append(Finding(one, verdict, f"compte « {self.login} » : {expected}", observed, (evidence,)))
        return found

    def _described(
        self, user: dict[str, Any] | None, users: Sequence[dict[str, Any]], his: dict[str, Any] | None = None
    ) -> tuple[Verdict, str, str]:
        wanted = self.wanted_fields()
        expected = ", ".join(f"{FIELDS[key]} « {value} »" for key, value in wanted.items())
        if user is None:
            there = f" ; « {his['username']} » a l’adresse de messagerie demandée" if his else ""
            observed = (
                f"aucun compte n’a cet identifiant{there} ; comptes du site : {quoted(u['username'] for u in users)}"
            )
            return Verdict.NOT_MET, expected, observed
        verdicts = {key: self._compared(key, value, str(user[STORED.get(key, key)])) for key, value in wanted.items()}
        verdict = worst(list(verdicts.values()))
        if verdict is Verdict.MET:
            named = user["username"].casefold() == self.login.casefold()
            return verdict, expected, f"{'le compte' if named else 'le reste'} est comme demandé"
        differing = [key for key, one in verdicts.items() if one is not Verdict.MET]
        seen = ((key, user[STORED.get(key, key)]) for key in differing)
        observed = " ; ".join(f"{FIELDS[key]} : {f'« {value} »' if value else 'vide'}" for key, value in seen)
        return (
            verdict,
            expected,
            observed + " ; à lire : c’est à un détail près ce qui est demandé" * (verdict is Verdict.TO_JUDGE),
        )

    @staticmethod
    def _compared(key: str, wanted: str, stored: str) -> Verdict:
        """The verdict on one field of the account, by what that field holds alone."""
        if key == "website":
            return Verdict.MET if leads_to(stored, wanted, "") else Verdict.NOT_MET
        if key == "email":
            return Verdict.MET if same_address(wanted, stored) else Verdict.NOT_MET
        if same(wanted, stored):
            return Verdict.MET
        near = nearly_holds(stored, wanted) if key == "biography" else nearly_same(wanted, stored)
        return Verdict.TO_JUDGE if near else Verdict.NOT_MET

    def _gone(
        self, site: Site, user: dict[str, Any] | None, users: Sequence[dict[str, Any]]
    ) -> tuple[Verdict, str, str]:
        items = {slug: naming.content(site, slug) for slug in self.kept}
        titles = [
            plain(item["title"]["raw"]) if item else seeded.title_of(self.company, slug) for slug, item in items.items()
        ]
        expected = f"Le compte « {self.login} » est supprimé"
        kept = agreed(titles, "reste en ligne, attribué", "restent en ligne, attribués")
        expected += f" et {kept} à « {self.heir} »." if self.kept else "."
        if user is not None:
            roles = ", ".join(_ROLES.get(role, role) for role in user["roles"])
            role = f"rôle : {roles}" if roles else "sans aucun rôle"
            return Verdict.NOT_MET, expected, f"Le compte existe encore ({role})."
        names = {u["id"]: u["username"] for u in users}
        faults: list[str] = []
        doubts: list[str] = []
        for title, (slug, item) in zip(titles, items.items(), strict=True):
            if item is None:
                faults.append(f"« {title} » n’est plus sur le site")
            elif not naming.is_login(self.heir, names.get(item["author"], "")):
                owner = names.get(item["author"], "")
                faults.append(
                    f"« {title} » est attribué à « {owner} »" if owner else f"« {title} » n’est attribué à personne"
                )
            elif not contents.shown_at(site, item):
                withdrawn = item["status"] not in ("private", "future")
                (faults if withdrawn else doubts).append(contents.why_gone(self.company, item, slug))
        there = {c.born for c in contents.contents(site) if c.status != "trash"}
        lost = [
            slug
            for slug in seeded.published_by(self.company, self.login)
            if slug not in self.kept and slug not in there
        ]
        what = "un autre contenu de ce compte n’est" if len(lost) == 1 else "d’autres contenus de ce compte ne sont"
        doubts += (
            [f"{what} plus sur le site : {quoted(seeded.title_of(self.company, one) for one in lost)}"] if lost else []
        )
        verdict = Verdict.NOT_MET if faults else Verdict.TO_JUDGE if doubts else Verdict.MET
        said = [*faults, f"à lire : {' ; '.join(doubts)}"] if doubts else faults
        if self.kept and not said:
            kept = agreed(titles, "est en ligne, attribué", "sont en ligne, attribués")
            said = [f"{kept} à « {self.heir} »"]
        return verdict, expected, "Le compte n’existe plus" + "".join(f" ; {one}" for one in said) + "."


def _role(role: str, user: dict[str, Any] | None) -> tuple[Verdict, str, str]:
    expected = f"rôle « {_ROLES[role]} »"
    if user is None:
        return Verdict.NOT_MET, expected, "aucun compte n’a cet identifiant"
    name = f"le compte « {user['username']} »"
    roles = [_ROLES.get(one, one) for one in user["roles"]]
    met = user["roles"] == [role]
    return (
        Verdict.MET if met else Verdict.NOT_MET,
        expected,
        f"{name} a {'le rôle' if len(roles) == 1 else 'les rôles'} {quoted(roles)}"
        if roles
        else f"{name} n’a aucun rôle",
    )
