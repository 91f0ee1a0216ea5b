"""What may be asked of Spectra's blocks, as subjects write it."""

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from provisioner.subject.check import FILES, Refers, WantedText

Medium = Annotated[str, Refers("media.slug", "media.file", FILES)]
FieldKind = Literal[
    "nom",
    "e-mail",
    "zone de texte",
    "téléphone",
    "adresse web",
    "liste",
    "choix unique",
    "cases à cocher",
    "date",
    "interrupteur",
    "acceptation",
]
#: The editor's own names for them.
FIELDS: dict[FieldKind, str] = {
    "nom": "name",
    "e-mail": "email",
    "zone de texte": "textarea",
    "téléphone": "phone",
    "adresse web": "url",
    "liste": "select",
    "choix unique": "radio",
    "cases à cocher": "checkbox",
    "date": "date",
    "interrupteur": "toggle",
    "acceptation": "accept",
}
_CHOICES = ("liste", "choix unique", "cases à cocher")


class _Wanted(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Slide(_Wanted):
    """Une diapositive : ce qu’elle dit, ce qu’elle montre."""

    title: str = Field("", description="Le titre de la diapositive.")
    text: str = Field("", description="Ce que dit le texte de la diapositive.")
    media: Medium = Field("", description="L’image (slug du média, ou nom de son fichier sans l’extension).")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if not (self.title or self.text or self.media):
            raise ValueError("title, text ou media doit être demandé")
        return self

    @property
    def wanted(self) -> tuple[str, ...]:
        """Its texts."""
        return tuple(filter(None, (self.title, self.text)))

    def __str__(self) -> str:
        return " et ".join(f"« {one} »" for one in (self.title, self.text, self.media) if one)


class FormField(_Wanted):
    """Un champ de formulaire."""

    label: WantedText = Field(description="Le nom du champ, tel que le visiteur le lit.")
    kind: FieldKind = Field("nom", description="Le bloc du champ.")
    required: bool | None = Field(
        None, description="Le champ est obligatoire (true), facultatif (false), ou cela n’est pas demandé."
    )
    choices: tuple[WantedText, ...] = Field((), description="Les choix d’une liste, de boutons ou de cases.")

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.choices and self.kind not in _CHOICES:
            raise ValueError(f"un champ « {self.kind} » n’a pas de choix")
        return self

    def __str__(self) -> str:
        choices = f" avec les choix {', '.join(self.choices)}" if self.choices else ""
        must = {None: "", True: ", obligatoire", False: ", facultatif"}[self.required]
        return f"« {self.label} » ({self.kind}{must}){choices}"


class Question(_Wanted):
    """Une question et sa réponse."""

    question: WantedText = Field(description="La question.")
    answer: WantedText = Field(description="Ce que dit la réponse.")

    @property
    def wanted(self) -> tuple[str, ...]:
        """Its texts."""
        return (self.question, self.answer)

    def __str__(self) -> str:
        return f"« {self.question} »"


class Quote(_Wanted):
    """Un témoignage."""

    name: WantedText = Field(description="Le nom de la personne.")
    words: WantedText = Field(description="Ce que dit le témoignage.")
    company: str = Field(
        "", description="L’entreprise, la fonction ou la ville, sous le nom ; vide : rien n’est demandé."
    )
    media: Medium = Field("", description="La photo (slug du média, ou nom de son fichier sans l’extension).")

    @property
    def wanted(self) -> tuple[str, ...]:
        """Its texts."""
        return tuple(filter(None, (self.name, self.words, self.company)))

    def __str__(self) -> str:
        return f"« {self.name} »"


class Member(_Wanted):
    """Une personne de l’équipe."""

    name: WantedText = Field(description="Le nom de la personne.")
    post: str = Field("", description="Sa fonction ; vide : rien n’est demandé.")
    words: str = Field("", description="Ce que dit sa description.")
    media: Medium = Field("", description="Son portrait (slug du média, ou nom de son fichier sans l’extension).")
    links: tuple[Annotated[str, Field(pattern=r"^https?://\S+$")], ...] = Field(
        (), description="Les adresses de ses réseaux sociaux."
    )

    @property
    def wanted(self) -> tuple[str, ...]:
        """Its texts."""
        return tuple(filter(None, (self.name, self.post, self.words)))

    def __str__(self) -> str:
        return f"« {self.name} »"


def is_address(text: str) -> bool:
    """Whether a text is an e-mail address, as far as a person reads one."""
    return bool(re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text))
