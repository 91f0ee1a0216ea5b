"""The centre's settings. `Settings` is the one table of them: name, default and meaning of each."""

from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from provisioner.core.declaration import ROOM_NAME, Console, Mirror, Network, Whole, why_unreachable
from provisioner.host.encryption import PublicKey
from provisioner.host.toml_files import is_there, read_toml, validated

#: The rooms that `demo`, `prove` and `context check` make and empty as they like.
RESERVED_ROOMS = ("demo", "preuve", "contexte")


class Settings(BaseModel):
    """The centre's settings, from e5b.toml; each has a default that works on one machine."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    room: str = Field("salle", pattern=ROOM_NAME, description="Le nom de la salle.")
    host: str = Field(
        "localhost",
        pattern=r"^[A-Za-z0-9.-]+$",
        description="Le nom ou l'adresse par lesquels les candidats atteignent cette machine.",
    )
    listen: str = Field("127.0.0.1", description="L'adresse où les postes répondent ; 0.0.0.0 pour toute la salle.")
    first_port: Whole = Field(8101, ge=1024, le=60000, description="Le port du premier poste ; les autres suivent.")
    places: Whole = Field(20, ge=1, le=60, description="Le nombre de postes que la salle peut avoir.")
    subnet: str = Field("10.213.0.0/16", description="Les adresses internes des postes, libres au centre.")
    time_zone: str = Field("Europe/Paris", description="Le fuseau horaire du centre.")
    session: str = Field(
        "2024", description='La session de l\'examen, ex. "2025" : ses éditions, sa liste de points, son calendrier.'
    )
    editions: dict[str, str] = Field(
        {}, description='L\'édition de chaque CMS, ex. { wordpress = "wordpress-2024" } ; sinon celle de la session.'
    )
    debian_mirrors: dict[str, Mirror] = Field({}, description='Miroirs par Debian : { bullseye = "http://…/debian" }.')
    memory_mib: Whole = Field(768, ge=256, description="La mémoire qu'un poste peut prendre, en Mio.")
    processes: Whole = Field(256, ge=64, description="Le nombre de processus qu'un poste peut avoir.")
    snapshot_minutes: Whole = Field(5, ge=1, le=40, description="Les minutes entre deux clichés d'un poste au travail.")
    archive_key: PublicKey = Field("", description="La clé publique age (age1…) pour qui les archives sont chiffrées.")
    snapshots: Whole = Field(4, ge=1, le=20, description="Le nombre de clichés gardés par candidat.")
    layer_mib: Whole = Field(2048, ge=256, description="La place qu'un candidat peut prendre sur le disque, en Mio.")
    subjects: str = Field("", description="Un dossier de sujets du centre, hors de celui d'e5b, ex. /srv/sujets.")
    network: Network = Field(Network(), description="Ce que la salle laisse passer : voir declaration.py.")
    console: Console = Field(Console(), description="Où la console répond au personnel : voir declaration.py.")

    @field_validator("session", mode="before")
    @classmethod
    def _with_or_without_quotes(cls, value: object) -> object:
        return str(value) if type(value) is int else value.strip() if isinstance(value, str) else value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # the last one: "Europe" is a folder
            raise ValueError(f"fuseau horaire inconnu : {value}") from error
        return value

    @field_validator("room")
    @classmethod
    def _not_reserved(cls, value: str) -> str:
        if value.partition("-")[0] in RESERVED_ROOMS:
            raise ValueError(f"« {value} » est réservé : e5b vide cette salle sans prévenir, donnez-en un autre")
        return value

    @field_validator("subjects")
    @classmethod
    def _from_any_folder(cls, value: str) -> str:
        if value and not Path(value).is_absolute():
            raise ValueError(f"« {value} » n'est pas un chemin entier comme /srv/sujets")
        return value

    @field_validator("host")
    @classmethod
    def _as_browsers_send_it(cls, value: str) -> str:
        return value.lower()

    @field_validator("listen")
    @classmethod
    def _an_address(cls, value: str) -> str:
        try:
            return str(IPv4Address(value))
        except ValueError as error:
            raise ValueError(f"« {value} » n'est pas une adresse IPv4 comme 0.0.0.0") from error

    @field_validator("subnet")
    @classmethod
    def _wide_enough(cls, value: str) -> str:
        try:
            network = IPv4Network(value)
        except ValueError as error:
            raise ValueError(f"« {value} » n'est pas un réseau IPv4 comme 10.213.0.0/16") from error
        if network.prefixlen > 20:
            raise ValueError("le réseau doit être un /20 ou plus grand")
        return value

    @model_validator(mode="after")
    def _lets_candidates_in(self) -> "Settings":
        if mistake := why_unreachable(self.host, self.listen, self.first_port, self.network):
            raise ValueError(mistake)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The centre's time zone."""
        return ZoneInfo(self.time_zone)


def load_settings(path: Path) -> Settings:
    """The centre's settings; the defaults where there is no file."""
    return validated(Settings, read_toml(path), str(path)) if is_there(path) else Settings()
