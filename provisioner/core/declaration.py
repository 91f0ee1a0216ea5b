"""What a room's network lets through: one declaration, from which every layer takes what it does.

A candidate's browser reaches the room's own sites and what `allowed` names; that list is empty unless a
centre fills it, knowingly. A station reaches the room's pages and nothing else, whatever stands here.
"""

import re
from ipaddress import IPv4Address
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

#: What a room may be called.
ROOM_NAME = r"^[a-z0-9-]{1,20}$"
#: The three ways in which centres are wired.
Wiring = Literal["", "routeur", "plat", "verrou"]
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"{_LABEL}(\.{_LABEL})*")


def _without_password(mirror: str) -> str:
    # It would stand in every station, for its candidate to read.
    if "@" in mirror.partition("//")[2].partition("/")[0]:
        raise ValueError(
            "une adresse avec un mot de passe serait lisible dans chaque poste : donnez un miroir qui n'en demande pas"
        )
    return mirror


def _refuse_half(certificate: str, key: str) -> None:
    if bool(certificate) != bool(key):
        raise ValueError("« certificate » et « key » vont ensemble : donnez les deux, ou aucun")


#: Where Debian's packages come from.
Mirror = Annotated[str, AfterValidator(_without_password)]
#: A number of things; `true` is none.
Whole = Annotated[int, Field(strict=True)]


class Network(BaseModel):
    """The table [network] of e5b.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    allowed: tuple[str, ...] = Field(
        (), description="Les seuls sites d’Internet que les candidats peuvent voir ; aucun si la liste est vide."
    )
    domain: str = Field(
        "",
        description="Le domaine des noms de la salle, par exemple examen.test ; vide : un port par poste.",
    )
    port: Whole = Field(80, ge=1, le=65535, description="Le port auquel les noms de la salle répondent.")
    dns_port: Whole = Field(
        53, ge=0, le=65535, description="Le port du DNS de la salle, s’il y a un domaine ; 0 : aucun."
    )
    tls: bool = Field(
        False, description="Les postes répondent-ils en https ? Les mots de passe traversent alors la salle chiffrés."
    )
    tls_port: Whole = Field(
        443, ge=1, le=65535, description="Le port auquel les noms des postes répondent en https, s’il y a un domaine."
    )
    certificate: str = Field(
        "",
        description="Le certificat du centre (PEM, avec ses intermédiaires) pour les postes ; vide : e5b en fait un.",
    )
    key: str = Field("", description="La clé privée de ce certificat (PEM, sans mot de passe).")
    wiring: Wiring = Field("", description="Le câblage de la salle : routeur, plat ou verrou ; vide : rien n’est posé.")
    interface: str = Field(
        "", pattern=r"^[A-Za-z0-9._-]{0,15}$", description="La carte réseau du côté des candidats (câblage routeur)."
    )
    dhcp: str = Field(
        "", description="La première et la dernière adresse à donner aux candidats, par exemple 192.0.2.50-192.0.2.99."
    )

    bind: bool | None = Field(
        None,
        strict=True,
        description="Lier chaque poste à la première machine qui s’y connecte ; sans valeur : oui si les postes ont des noms ou si la "
        "salle donne les adresses.",
    )

    @property
    def binds(self) -> bool:
        """Whether a station is bound to the first machine that signs in there."""
        return bool(self.domain or self.dhcp) if self.bind is None else self.bind

    @field_validator("allowed")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if "." not in host or not _DOMAIN.fullmatch(host) or re.fullmatch(r"[\d.]+", host):
                raise ValueError(
                    f"« {host} » n'est pas un nom de site comme maps.google.com, en minuscules, sans http://"
                )
        return value

    @field_validator("domain")
    @classmethod
    def _a_domain(cls, value: str) -> str:
        if value and not _DOMAIN.fullmatch(value):
            raise ValueError(f"« {value} » n'est pas un domaine comme examen.test, en minuscules")
        return value

    @model_validator(mode="after")
    def _whole_certificate(self) -> "Network":
        _refuse_half(self.certificate, self.key)
        if self.certificate and not self.tls:
            raise ValueError(
                "« certificate » ne sert qu'avec « tls = true » : ajoutez-le, ou retirez « certificate » et « key »"
            )
        return self

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


class Console(BaseModel):
    """The table [console] of e5b.toml: where the staff's browsers find the room."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    staff: tuple[str, ...] = Field(
        ("127.0.0.5",),
        min_length=1,
        description="Les adresses de cette machine auxquelles la console répond, du côté du personnel ; elle-même seule d’abord.",
    )
    port: Whole = Field(8400, ge=1024, le=65535, description="Le port de la console.")
    name: str = Field(
        "", description="Le nom par lequel le personnel l’atteint, s’il y en a un, ex. e5b.lycee.example."
    )
    certificate: str = Field(
        "", description="Le certificat de la console (PEM, avec ses intermédiaires) ; vide : http."
    )
    key: str = Field("", description="La clé privée de ce certificat (PEM, sans mot de passe).")
    tls: bool = Field(
        False,
        description="Sans certificat du centre : répondre en https par une petite autorité de la console, à installer sur les machines du personnel.",
    )

    @field_validator("staff")
    @classmethod
    def _own_addresses(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for address in value:
            try:
                whole = IPv4Address(address).is_unspecified
            except ValueError as error:
                raise ValueError(f"« {address} » n'est pas une adresse IPv4 comme 192.0.2.1") from error
            if whole:
                raise ValueError(
                    "0.0.0.0 est aussi le côté des candidats : nommez les adresses de cette machine du côté du personnel"
                )
        return value

    @field_validator("name")
    @classmethod
    def _as_browsers_send_it(cls, value: str) -> str:
        if value and not _DOMAIN.fullmatch(value.lower()):
            raise ValueError(f"« {value} » n'est pas un nom de machine comme e5b.lycee.example")
        return value.lower()

    @model_validator(mode="after")
    def _whole_certificate(self) -> "Console":
        _refuse_half(self.certificate, self.key)
        return self

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names and addresses by which browsers ask for it, the one to tell people first."""
        return tuple(dict.fromkeys([self.name, *self.staff] if self.name else self.staff))

    @property
    def address(self) -> str:
        """The URL that people are told."""
        scheme, usual = ("https", 443) if self.certificate or self.tls else ("http", 80)
        return f"{scheme}://{self.hosts[0]}" + ("" if self.port == usual else f":{self.port}")


def why_unreachable(host: str, listen: str, first_port: int, network: Network) -> str:
    """Why candidates would not find a room that is declared so; empty where they do."""
    outside, at = not IPv4Address(listen).is_loopback, address_of_names(host, listen)
    if outside and network.domain and network.dns_port and IPv4Address(at).is_loopback:
        return (
            "les noms de la salle mènent à « host », qui doit être l'adresse IPv4 de cette machine du côté des candidats quand "
            "« listen » est 0.0.0.0"
        )
    if outside and not network.domain and (host == "localhost" or host.startswith("127.")):
        return (
            f"« host » ({host}) est pour chaque candidat sa propre machine : écrivez-y l'adresse ou le nom de celle-ci"
        )
    if not network.domain:
        return ""
    ports = {first_port - 1: "des examinateurs", first_port - 2: "du mandataire"}
    named = [(network.dns_port, "du DNS (« dns_port »)"), (network.port, "des noms (« port »)")]
    if network.tls:
        named.append((network.tls_port, "des noms en https (« tls_port »)"))
    for port, whose in named:
        if port in ports:
            return f"le port {port} est à la fois celui {ports[port]} et celui {whose} : changez-en un"
        ports |= {port: whose} if port else {}
    return ""


def address_of_names(host: str, listen: str) -> str:
    """The address of this machine that the room's names stand for."""
    try:
        return str(IPv4Address(host))
    except ValueError:
        return "127.0.0.1" if listen == "0.0.0.0" else listen
