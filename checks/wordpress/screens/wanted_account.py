"""The account that a question asks for, and how a candidate creates, changes or deletes it."""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from checks.wordpress.reading.seeded import at_first
from checks.wordpress.screens import accounts, disturbances
from provisioner.subject.check import Act, Check, Desk, NearMiss, Refers, Road
from provisioner.subject.functionalities import fact

CREATED = fact("wordpress.utilisateurs.comptes", "créer")
CHANGED = fact("wordpress.utilisateurs.comptes", "modifier")
DELETED = fact("wordpress.utilisateurs.comptes", "supprimer")
ROLE = fact("wordpress.utilisateurs.role", "rôle")

Role = Literal["", "administrator", "editor", "author", "contributor", "subscriber"]
#: Fields of the check, and what they are to a reader.
FIELDS = {
    "email": "adresse de messagerie",
    "first_name": "prénom",
    "last_name": "nom",
    "name": "nom affiché",
    "website": "site web",
    "biography": "renseignements biographiques",
}
#: What REST and the forms call those that they call otherwise.
STORED = {"website": "url", "biography": "description"}


class WantedAccount(Check):
    """What is asked of an account; Account proves it."""

    proves = (CREATED, CHANGED, DELETED, ROLE)

    login: Annotated[str, Refers("users.login")] = Field(
        min_length=1, description="L’identifiant de connexion du compte."
    )
    state: Literal["created", "changed", "deleted"] = Field(
        "created",
        description="Le compte est à créer (« created »), à modifier (« changed ») ou à supprimer (« deleted »).",
    )
    email: str = Field("", description="L’adresse de messagerie.")
    first_name: str = Field("", description="Le prénom.")
    last_name: str = Field("", description="Le nom de famille.")
    name: str = Field(
        "",
        description="Le nom affiché publiquement : il se choisit dans la liste du profil, où sont le prénom et le nom, "
        "l’identifiant et le pseudonyme.",
    )
    website: str = Field("", description="L’adresse du site web, dans la fiche du compte.")
    biography: str = Field("", description="Les renseignements biographiques, dans la fiche du compte.")
    role: Role = Field("", description="Le rôle : administrator, editor, author, contributor ou subscriber.")
    heir: Annotated[str, Refers("users.login")] = Field(
        "", description="Le compte à qui attribuer les contenus du compte supprimé."
    )
    kept: tuple[Annotated[str, Refers("posts.slug", "pages.slug")], ...] = Field(
        (), description="Les contenus du compte supprimé (slugs) qui doivent rester en ligne, attribués à « heir »."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.state == "changed" and not self.wanted_fields() and not self.role:
            raise ValueError("un compte à modifier a au moins une valeur à changer")
        if self.state == "created" and not self.email:
            raise ValueError("un compte à créer a une adresse de messagerie (email)")
        if self.state == "created" and self.biography:
            raise ValueError("le formulaire d’un nouveau compte n’a pas de renseignements biographiques (biography)")
        if bool(self.kept) != bool(self.heir) or (self.kept and self.state != "deleted"):
            raise ValueError("kept et heir vont ensemble : un compte à supprimer, et celui qui reprend ces contenus")
        return self

    def facts(self) -> tuple[str, ...]:
        """By what is to be done, and the role where one is asked for."""
        if self.state == "deleted":
            return (DELETED,)
        if self.state == "changed" and not self.wanted_fields():
            return (ROLE,)
        return (CREATED if self.state == "created" else CHANGED, *((ROLE,) if self.role else ()))

    def makes(self) -> Sequence[str]:
        """The account that is to be created."""
        return (self.login,) if self.state == "created" else ()

    def wanted_fields(self) -> dict[str, str]:
        """The fields of the account that are asked for, by their names, with the wanted values."""
        return {name: value for name in FIELDS if (value := getattr(self, name))}

    # --- the work -----------------------------------------------------------------------------

    def ways(self) -> Sequence[Act]:
        """The forms of accounts; for roles and for deleting also the list."""
        if self.state == "created":

            def then_the_role(desk: Desk) -> None:
                accounts.create(desk, self._form(role=""))
                self._name(desk)
                if self.role:
                    accounts.change_role_in_list(desk, self.login, self.role)

            return (
                Act("Comptes > Ajouter", lambda desk: self._create(desk)),
                Act("ajouté, puis le rôle donné dans la liste", then_the_role),
            )
        if self.state == "deleted":
            heir = self.heir or "candidat"  # what he had published stays online
            return (
                Act("« Supprimer » dans la liste", lambda desk: accounts.delete(desk, self.login, heir)),
                Act("actions groupées", lambda desk: accounts.delete(desk, self.login, heir, by_the_list=True)),
            )

        def role_in_the_list(desk: Desk) -> None:
            self._change(desk, role="")
            accounts.change_role_in_list(desk, self.login, self.role)

        ways = [Act("fiche du compte", lambda desk: self._change(desk))]
        return [*ways, Act("rôle changé dans la liste", role_in_the_list)] if self.role else ways

    def near_misses(self) -> Sequence[NearMiss]:
        """Another account, another role, another value, nothing saved."""
        logins = sorted(at_first(self.company, "users", "login"))
        other = next(login for login in logins if login not in (self.login, "candidat"))
        misses: list[NearMiss] = []
        if self.state == "created":
            misses += self._not_so_created()
        elif self.state == "deleted":
            misses += self._not_so_deleted(other)
        elif self.wanted_fields():
            misses += self._not_so_changed(other)
        if ROLE in self.facts():
            misses += self._other_roles(other)
        return misses

    def _not_so_created(self) -> list[NearMiss]:
        another = f"{self.login}.bis"
        misses = [
            NearMiss(
                "formulaire rempli sans ajouter",
                CREATED,
                lambda desk: accounts.create(desk, self._form(), save=False),
            ),
            NearMiss(
                "une autre adresse de messagerie",
                CREATED,
                lambda desk: self.but(email=f"x{self.email}")._create(desk),
            ),
            NearMiss("un autre identifiant", CREATED, lambda desk: self.but(login=another)._create(desk)),
        ]
        if self.first_name and self.last_name:
            swapped = self.but(first_name=self.last_name, last_name=self.first_name)
            misses.append(NearMiss("prénom et nom intervertis", CREATED, lambda desk: swapped._create(desk)))
        return misses

    def _not_so_deleted(self, other: str) -> list[NearMiss]:
        misses = [
            NearMiss("un autre compte supprimé", DELETED, lambda desk: accounts.delete(desk, other, "candidat")),
            NearMiss(
                "rôle retiré au lieu de supprimer",
                DELETED,
                lambda desk: accounts.change_role_in_list(desk, self.login, "none"),
            ),
        ]
        if self.kept:
            heir = other if self.heir != other else "candidat"

            def locked(desk: Desk) -> None:
                accounts.delete(desk, self.login, self.heir)
                disturbances.content(desk, self.kept[0], {"password": "secret"})

            misses += [
                NearMiss("contenus gardés, mais l’un derrière un mot de passe", DELETED, locked),
                NearMiss("contenus supprimés avec le compte", DELETED, lambda desk: accounts.delete(desk, self.login)),
                NearMiss(
                    "contenus attribués à un autre", DELETED, lambda desk: accounts.delete(desk, self.login, heir)
                ),
            ]
        return misses

    def _not_so_changed(self, other: str) -> list[NearMiss]:
        return [
            NearMiss(
                "fiche remplie sans enregistrer",
                CHANGED,
                lambda desk: accounts.change(desk, self.login, self._form() or {"nickname": self.name}, save=False),
            ),
            NearMiss(
                "le pseudonyme changé à la place",
                CHANGED,
                lambda desk: accounts.change(desk, self.login, {"nickname": next(iter(self.wanted_fields().values()))}),
            ),
            NearMiss("le compte d’un autre modifié", CHANGED, lambda desk: self._of(desk, other)),
            NearMiss("une valeur mise dans un autre champ", CHANGED, self._in_another_field),
        ]

    def _in_another_field(self, desk: Desk) -> None:
        """A value of the form in the field of another."""
        value = next(iter(self.wanted_fields().values()))
        field = "first_name" if self.biography or self.website else "description"
        accounts.change(desk, self.login, {field: value})

    def _other_roles(self, other: str) -> list[NearMiss]:
        neighbour: Role = "author" if self.role != "author" else "contributor"
        wrong = self.but(role=neighbour)
        return [
            NearMiss(
                "un autre rôle",
                ROLE,
                wrong._create
                if self.state == "created"
                else lambda desk: accounts.change_role_in_list(desk, self.login, neighbour),
            ),
            NearMiss("le rôle donné à un autre", ROLE, lambda desk: self._role_to(desk, other)),
        ]

    def roads(self) -> Sequence[Road]:
        """What another question does to the contents of an account that is deleted."""
        if not self.kept:
            return ()

        def then_private(desk: Desk) -> None:
            accounts.delete(desk, self.login, self.heir)
            disturbances.content(desk, self.kept[0], {"status": "private"})

        return (Road("un des contenus rendu privé ensuite", DELETED, then_private),)

    @classmethod
    def examples(cls) -> Sequence[Self]:
        """A new colleague; one who changes name and role; one who signs otherwise; one who left."""
        return (
            cls(
                login="erwan.lebris",
                email="erwan.lebris@biscuiterie.examen.test",
                first_name="Erwan",
                last_name="Le Bris",
                role="editor",
            ),
            cls(
                login="nolwenn.abgrall",
                state="changed",
                email="n.abgrall@biscuiterie.examen.test",
                last_name="Le Goff",
                name="Nolwenn Le Goff",
                role="administrator",
            ),
            cls(login="tifenn.cariou", state="changed", name="Tifenn de Quimper"),
            cls(
                login="malo.quere",
                state="changed",
                website="https://boutique.biscuiterie.test/",
                biography="Commercial pour la Bretagne, il répond aux épiceries fines.",
            ),
            cls(login="yann.lestrade", state="deleted", heir="maelle.kervoas", kept=("un-four-neuf",)),
        )

    def _form(self, role: str | None = None) -> dict[str, str]:
        """Names and values of the form's fields; the public name is chosen once the others are kept."""
        fields = {STORED.get(name, name): value for name, value in self.wanted_fields().items() if name != "name"}
        if self.state == "created":
            fields["user_login"] = self.login
        wanted = self.role if role is None else role
        return {**fields, **({"role": wanted} if wanted else {})}

    def _create(self, desk: Desk) -> None:
        accounts.create(desk, self._form())
        self._name(desk)

    def _change(self, desk: Desk, role: str | None = None) -> None:
        if fields := self._form(role):
            accounts.change(desk, self.login, fields)
        self._name(desk)

    def _name(self, desk: Desk) -> None:
        if self.name:
            accounts.show_as(desk, self.login, self.name)

    def _of(self, desk: Desk, login: str) -> None:
        fields = {name: value for name, value in self._form(role="").items() if name != "email"}
        accounts.change(desk, login, fields or {"first_name": "Autre"})

    def _role_to(self, desk: Desk, login: str) -> None:
        if self.state == "created":
            accounts.create(desk, self._form(role="subscriber"))
        accounts.change_role_in_list(desk, login, self.role)
