"""What a room's network lets through: one declaration, from which every layer takes what it does.

A candidate's browser reaches the room's own sites and what `allowed` names; that list is empty unless a
centre fills it, knowingly. A station reaches the room's pages and nothing else, whatever stands here.
"""

import re
from ipaddress import IPv4Address
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

#: The three ways in which centres are wired.
Wiring = Literal["", "routeur", "plat", "verrou"]
_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.(?!-)[a-z0-9-]{1,63})+")


class Network(BaseModel):
    """The table [network] of e5b.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allowed: tuple[str, ...] = Field(
        (), description="Les seuls sites d’Internet que les candidats peuvent voir ; aucun si la liste est vide."
    )
    domain: str = Field(
        "",
        pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)*)?$",
        description="Le domaine des noms de la salle, par exemple examen.test ; vide : un port par poste.",
    )
    port: int = Field(80, ge=1, le=65535, description="Le port auquel les noms de la salle répondent.")
    dns_port: int = Field(
        53, ge=0, le=65535, description="Le port du DNS de la salle, s’il y a un domaine ; 0 : aucun."
    )
    wiring: Wiring = Field("", description="Le câblage de la salle : routeur, plat ou verrou ; vide : rien n’est posé.")
    interface: str = Field(
        "", pattern=r"^[A-Za-z0-9._-]{0,15}$", description="La carte réseau du côté des candidats (câblage routeur)."
    )
    dhcp: str = Field(
        "", description="La première et la dernière adresse à donner aux candidats, par exemple 192.0.2.50-192.0.2.99."
    )

    @field_validator("allowed")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not _HOST.fullmatch(host) or re.fullmatch(r"[\d.]+", host):
                raise ValueError(
                    f"« {host} » n'est pas un nom de site comme maps.google.com, en minuscules, sans http://"
                )
        return value

    @field_validator("dhcp")
    @classmethod
    def _range(cls, value: str) -> str:
        if value:
            first, _, last = value.partition("-")
            try:
                if IPv4Address(first) > IPv4Address(last):
                    raise ValueError
            except ValueError as error:
                raise ValueError(f"« {value} » n'est pas une suite d'adresses comme 192.0.2.50-192.0.2.99") from error
        return value
