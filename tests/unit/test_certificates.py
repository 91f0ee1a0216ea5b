"""By which certificate stations answer in https: the centre's, looked at before the room opens, or one of e5b's own."""

from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from provisioner.core.declaration import Network
from provisioner.core.errors import ConfigurationError
from provisioner.host.settings import Settings
from provisioner.network import certificates
from provisioner.network.certificates import authority_of, authority_pem, fingerprint, server_certificate
from provisioner.network.room import Room

NAMES = Room("salle", "192.0.2.1", "192.0.2.1", 8101, 3, "examen.test", tls=True)
PORTS = Room("salle", "192.0.2.1", "0.0.0.0", 8101, 3, tls=True)


def accepted(chain: bytes, authority: str, host: str) -> bool:
    """Whether a machine that trusts the authority takes this chain for the host's."""
    try:
        subject: x509.DNSName | x509.IPAddress = x509.IPAddress(IPv4Address(host))
    except ValueError:
        subject = x509.DNSName(host)
    leaf, *others = x509.load_pem_x509_certificates(chain)
    store = Store([x509.load_der_x509_certificate(b64decode(authority))])
    try:
        PolicyBuilder().store(store).build_server_verifier(subject).verify(leaf, others)
    except VerificationError:
        return False
    return True


def test_a_machine_that_trusts_the_authority_takes_every_station_for_what_it_is(tmp_path: Path) -> None:
    named, numbered = (server_certificate(room, Settings(), tmp_path / room.host_of(1)[:5]) for room in (NAMES, PORTS))
    for host in ("poste-01.examen.test", "poste-03.examen.test"):
        assert accepted(named.chain, named.authority, host)
    assert accepted(numbered.chain, numbered.authority, "192.0.2.1")
    # The room's pages don't answer in https: a browser that tries it all the same is to go on without.
    assert not accepted(named.chain, named.authority, "partenaire.examen.test")
    assert not accepted(named.chain, numbered.authority, "poste-01.examen.test")
    (leaf,) = x509.load_pem_x509_certificates(named.chain)
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=397)


@pytest.mark.parametrize(
    ("room", "host"), [(NAMES, "banque.example"), (NAMES, "192.0.2.1"), (PORTS, "banque.example"), (PORTS, "192.0.2.2")]
)
def test_who_steals_the_authority_makes_no_other_site_with_it(room: Room, host: str, tmp_path: Path) -> None:
    authority, key = certificates._kept(certificates._of_room(room), tmp_path)
    made = certificates._server("vol", [host], key, authority.subject, key)
    assert not accepted(certificates._pem(made), authority_of(room, Settings(), tmp_path), host)


def test_the_authority_stays_from_one_opening_to_the_next_and_its_key_is_its_owners_alone(tmp_path: Path) -> None:
    first, second = (server_certificate(NAMES, Settings(), tmp_path) for _ in range(2))
    assert first.authority == second.authority == authority_of(NAMES, Settings(), tmp_path)
    assert first.key != second.key
    assert (tmp_path / "tls/salle.pem").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700
    assert authority_of(replace(NAMES, name="autre"), Settings(), tmp_path) != first.authority


def test_a_room_that_has_other_names_has_another_authority(tmp_path: Path) -> None:
    before = authority_of(NAMES, Settings(), tmp_path)
    assert authority_of(replace(NAMES, places=5), Settings(), tmp_path) == before
    assert authority_of(replace(NAMES, domain="autre.test"), Settings(), tmp_path) != before


def test_an_authority_that_ends_soon_is_given_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "_AUTHORITY_DAYS", 29)
    before = authority_of(NAMES, Settings(), tmp_path)
    assert authority_of(NAMES, Settings(), tmp_path) != before
    monkeypatch.setattr(certificates, "_AUTHORITY_DAYS", 31)
    before = authority_of(NAMES, Settings(), tmp_path)
    assert authority_of(NAMES, Settings(), tmp_path) == before


@pytest.mark.parametrize("left", [b"", b"abc", b"-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n"])
def test_an_authority_that_cannot_be_read_is_not_replaced_in_silence(tmp_path: Path, left: bytes) -> None:
    (tmp_path / "tls").mkdir()
    (tmp_path / "tls/salle.pem").write_bytes(left)
    with pytest.raises(ConfigurationError, match=r"salle\.pem ne contient plus l'autorité.*Supprimez ce fichier"):
        authority_of(NAMES, Settings(), tmp_path)


def test_a_room_without_https_has_no_authority(tmp_path: Path) -> None:
    assert authority_of(replace(NAMES, tls=False), Settings(), tmp_path) == ""
    assert list(tmp_path.iterdir()) == []


def test_the_fingerprint_is_that_of_the_certificate_that_machines_install(tmp_path: Path) -> None:
    authority = authority_of(NAMES, Settings(), tmp_path)
    installed = x509.load_pem_x509_certificate(authority_pem(authority).encode())
    assert fingerprint(authority) == installed.fingerprint(SHA256()).hex().upper()


@dataclass
class Centre:
    """A centre's authority, an authority below it, and the certificate for the stations, as files."""

    folder: Path

    def __post_init__(self) -> None:
        self.top, self.below, self.own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
        self.leaf = self.certificate(["*.examen.test"])
        self.intermediate = self._signed("intermédiaire", self.below, "centre", self.top, authority=True)
        self.write([self.leaf, self.intermediate], self.own)

    def certificate(
        self, names: list[str], days: int = 90, begins: int = -1, usage: x509.ObjectIdentifier | None = None
    ) -> x509.Certificate:
        """A certificate for the stations, by these names."""
        return self._signed("postes", self.own, "intermédiaire", self.below, names, days, begins, usage)

    def _signed(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        issuer: str,
        by: ec.EllipticCurvePrivateKey,
        names: list[str] | None = None,
        days: int = 90,
        begins: int = -1,
        usage: x509.ObjectIdentifier | None = None,
        *,
        authority: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        subject, above = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer))
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(above).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(now + timedelta(days=begins)).not_valid_after(now + timedelta(days=days))
        builder = builder.add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(list(map(x509.DNSName, names))), critical=False)
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        return builder.sign(by, SHA256())

    def write(self, chain: list[x509.Certificate], key: ec.EllipticCurvePrivateKey) -> None:
        (self.folder / "salle.crt").write_bytes(b"".join(one.public_bytes(Encoding.PEM) for one in chain))
        (self.folder / "salle.key").write_bytes(certificates._key_pem(key))

    @property
    def settings(self) -> Settings:
        paths = {"certificate": f"{self.folder}/salle.crt", "key": f"{self.folder}/salle.key"}
        return Settings(network=Network.model_validate({"tls": True, "domain": "examen.test", **paths}))


@pytest.fixture
def centre(tmp_path: Path) -> Centre:
    return Centre(tmp_path)


def test_the_centres_own_certificate_is_shown_and_no_authority_is_made(centre: Centre, tmp_path: Path) -> None:
    shown = server_certificate(NAMES, centre.settings, tmp_path)
    assert shown.chain == (tmp_path / "salle.crt").read_bytes()
    assert shown.authority == authority_of(NAMES, centre.settings, tmp_path) == ""
    assert not (tmp_path / "tls").exists()
    every = [f"poste-0{place}.examen.test" for place in (1, 2, 3)]
    centre.write([centre.certificate(every, usage=ExtendedKeyUsageOID.SERVER_AUTH), centre.intermediate], centre.own)
    assert server_certificate(NAMES, centre.settings, tmp_path).chain != shown.chain


def _with_password(centre: Centre) -> None:
    locked = centre.own.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
    (centre.folder / "salle.key").write_bytes(locked)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda centre: (centre.folder / "salle.crt").unlink(), r"« certificate » : .*salle\.crt"),
        (lambda centre: (centre.folder / "salle.key").unlink(), r"« key » : .*salle\.key"),
        (lambda centre: (centre.folder / "salle.crt").write_text("bonjour"), "n'est pas un certificat au format PEM"),
        (lambda centre: (centre.folder / "salle.key").write_text("bonjour"), "n'est pas une clé privée au format PEM"),
        (_with_password, "n'est pas une clé privée au format PEM, sans mot de passe"),
        (lambda centre: centre.write([centre.leaf, centre.intermediate], centre.top), "n'est pas celle du premier"),
        (lambda centre: centre.write([centre.leaf, centre.leaf], centre.own), "n'est pas signé par celui qui le suit"),
        (
            lambda centre: centre.write([centre.certificate(["*.examen.test"], days=0)], centre.own),
            r"ne vaut que jusqu'au \d\d/\d\d/\d{4}",
        ),
        (
            lambda centre: centre.write([centre.certificate(["*.examen.test"], begins=5)], centre.own),
            r"ne vaut qu'à partir du \d\d/\d\d/\d{4}",
        ),
        (
            lambda centre: centre.write([centre.certificate(["poste-01.examen.test", "*.test"])], centre.own),
            r"n'est pas fait pour poste-02\.examen\.test, poste-03\.examen\.test\. .*\*\.examen\.test",
        ),
        (
            lambda centre: centre.write(
                [centre.certificate(["*.examen.test"], usage=ExtendedKeyUsageOID.CLIENT_AUTH)], centre.own
            ),
            "n'est pas celui d'un serveur",
        ),
    ],
)
def test_what_the_centres_certificate_lacks_is_said_before_the_room_opens(
    centre: Centre, tmp_path: Path, spoil: Callable[[Centre], None], sentence: str
) -> None:
    spoil(centre)
    with pytest.raises(ConfigurationError, match=sentence):
        server_certificate(NAMES, centre.settings, tmp_path)


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ({"tls": True, "certificate": "/a"}, "vont ensemble"),
        ({"tls": True, "key": "/a"}, "vont ensemble"),
        ({"certificate": "/a", "key": "/b"}, "ne sert qu'avec « tls = true »"),
    ],
)
def test_half_a_declaration_of_a_certificate_is_refused(declared: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Network.model_validate(declared)
