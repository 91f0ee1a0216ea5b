"""The certificates by which stations and the console answer in https: the centre's, or those of a small authority of e5b's.

A room's authority lies in the state folder and stays from one opening of the room to the next, since candidates' machines
trust it (see browser_policies.py). It can sign for the addresses of that room's stations and for nothing else, and it ends
after two years. The gateway's own certificate is made anew each time that the gateway is. The console has another
authority, which can sign for its addresses alone: the staff's machines need not trust what the candidates' do.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from provisioner.core.errors import ConfigurationError, EvidenceLost
from provisioner.host.disk import disk_in_french, in_french, locked, make_private_folder, write_whole
from provisioner.host.settings import Settings
from provisioner.network.room import Room

if TYPE_CHECKING:  # the library takes a while to load, and most rooms need none of it
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

#: Where the gateway has them.
CHAIN, KEY = "etc/e5b/tls/chain.pem", "etc/e5b/tls/key.pem"
#: Days that a certificate is valid: browsers refuse one of a server that is so for more than 398.
_AUTHORITY_DAYS, _SERVER_DAYS = 730, 397
#: An authority with fewer days left isn't given to candidates' machines any more: another takes its place.
_LEAST_DAYS = 30
#: A candidate's machine may have a clock that is late.
_BEFORE = timedelta(days=1)


@dataclass(frozen=True)
class ServerCertificate:
    """What the gateway shows: its certificate and those above it (PEM), its private key (PEM).

    `authority` is the certificate of the room's own authority, base64 of its DER; empty where the centre's is shown.
    """

    chain: bytes
    key: bytes
    authority: str = ""

    def files(self) -> dict[str, bytes]:
        """The gateway's files, by their place under /."""
        return {CHAIN: self.chain, KEY: self.key}


@dataclass(frozen=True)
class _Authority:
    """An authority: its file below the state folder, its title, and the hosts that it may sign for.

    `domain`, where there is one, stands for every name below it, in place of the hosts.
    """

    file: str
    title: str
    hosts: tuple[str, ...]
    domain: str = ""


def server_certificate(room: Room, settings: Settings, folder: Path) -> ServerCertificate:
    """The certificate for the stations of a room, whose authority lies in the state folder `folder`.

    ConfigurationError says what the centre's own certificate lacks, EvidenceLost what the disk refuses.
    """
    if settings.network.certificate:
        return _of_the_centre(room, Path(settings.network.certificate), Path(settings.network.key))
    return _signed(_of_room(room), folder, f"Postes de la salle {room.name}")


def authority_of(room: Room, settings: Settings, folder: Path) -> str:
    """The certificate of the room's own authority, made where needed (base64 of its DER); empty where it needs none."""
    if not room.tls or settings.network.certificate:
        return ""
    certificate, _ = _kept(_of_room(room), folder)
    return b64encode(_der(certificate)).decode()


def console_certificate(hosts: Sequence[str], folder: Path) -> ServerCertificate:
    """A certificate for the console at these names and addresses, by its authority in the state folder `folder`."""
    return _signed(_Authority("console/autorite.pem", "console", tuple(hosts)), folder, "Console")


def authority_pem(authority: str) -> str:
    """The certificate of an authority, as files have it."""
    lines = [authority[start : start + 64] for start in range(0, len(authority), 64)]
    return "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""])


def authority_of_file(path: Path) -> str:
    """The certificate in a file that `authority_pem` made (base64 of its DER)."""
    return "".join(path.read_text(encoding="ascii").splitlines()[1:-1])


def fingerprint(authority: str, kind: str = "sha256") -> str:
    """The fingerprint of an authority, as browsers show it; `kind` "sha1" is what Windows calls it by."""
    from hashlib import new

    return new(kind, b64decode(authority), usedforsecurity=False).hexdigest().upper()


def self_signed(host: str) -> tuple[ServerCertificate, str]:
    """A certificate for one host that no authority vouches for, and the hash of its key by which a browser accepts it."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _server(host, [host], key, _name(host), key)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return ServerCertificate(_pem(certificate), _key_pem(key)), b64encode(sha256(public).digest()).decode()


def _hosts(room: Room) -> list[str]:
    """The names and addresses that the stations of a room have, without ports."""
    return list(dict.fromkeys(room.host_of(place).partition(":")[0] for place in range(1, room.places + 1)))


def _of_room(room: Room) -> _Authority:
    return _Authority(f"{room.name}.pem", f"salle {room.name}", tuple(_hosts(room)), room.domain)


def _signed(by: _Authority, folder: Path, title: str) -> ServerCertificate:
    """A certificate with this title for all hosts of an authority."""
    from cryptography.hazmat.primitives.asymmetric import ec

    authority, signing_key = _kept(by, folder)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _server(title, by.hosts, key, authority.subject, signing_key)
    return ServerCertificate(_pem(certificate), _key_pem(key), b64encode(_der(authority)).decode())


def _kept(whose: _Authority, folder: Path) -> "tuple[x509.Certificate, EllipticCurvePrivateKey]":
    """The certificate and key of an authority; new ones where there are none, or its hosts have changed."""
    path = folder / "tls" / whose.file
    with disk_in_french(folder, EvidenceLost), locked(folder / "locks" / "tls.lock", str(path), 30):
        if path.exists() and (found := _read_authority(whose, path)):
            return found
        made = _new_authority(whose)
        make_private_folder(path.parent)
        write_whole(path, _key_pem(made[1]) + _pem(made[0]), mode=0o600)
        return made


def _read_authority(whose: _Authority, path: Path) -> "tuple[x509.Certificate, EllipticCurvePrivateKey] | None":
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    content = path.read_bytes()
    try:
        certificate = x509.load_pem_x509_certificate(content)
        key = load_pem_private_key(content, None)
        if not isinstance(key, EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
            raise ValueError
    except (ValueError, TypeError) as error:
        raise ConfigurationError(
            f"{path} ne contient plus l'autorité « {whose.title} ». Supprimez ce fichier : e5b en fait une autre, à installer alors de "
            "nouveau sur les machines des candidats (par poser.*) ou, pour la console, sur celles du personnel."
        ) from error
    constraints = certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    lasts = certificate.not_valid_after_utc - datetime.now(UTC) > timedelta(days=_LEAST_DAYS)
    return (certificate, key) if lasts and constraints == _constraints(whose) else None


def _constraints(whose: _Authority) -> "x509.NameConstraints":
    """The names and addresses that an authority may sign for.

    A kind of name that isn't mentioned would be free: where its hosts are of one kind, a host that nobody has stands for
    the other.
    """
    from cryptography import x509

    hosts = [whose.domain] if whose.domain else whose.hosts
    addresses = [x509.IPAddress(IPv4Network(host)) for host in hosts if _is_address(host)]
    names = [x509.DNSName(host) for host in hosts if not _is_address(host)]
    return x509.NameConstraints(
        [*(names or [x509.DNSName("e5b.invalid")]), *(addresses or [x509.IPAddress(IPv4Network("255.255.255.255"))])],
        None,
    )


def _new_authority(whose: _Authority) -> "tuple[x509.Certificate, EllipticCurvePrivateKey]":
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import ExtendedKeyUsageOID

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC).replace(microsecond=0)
    # A name that no earlier authority has: a browser tells authorities of one name apart by their keys alone.
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    name = _name(f"e5b, {whose.title} ({identifier.digest.hex()[:8]})")
    builder = (
        _builder(name, name, key)
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now + timedelta(days=_AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_constraints(whose), critical=True)
        .add_extension(identifier, critical=False)
    )
    return builder.sign(key, SHA256()), key


def _server(
    title: str,
    hosts: Iterable[str],
    key: "EllipticCurvePrivateKey",
    issuer: "x509.Name",
    signing_key: "EllipticCurvePrivateKey",
) -> "x509.Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import ExtendedKeyUsageOID

    now = datetime.now(UTC).replace(microsecond=0)
    names = [x509.IPAddress(IPv4Address(host)) if _is_address(host) else x509.DNSName(host) for host in hosts]
    return (
        _builder(_name(title), issuer, key)
        .not_valid_before(now - _BEFORE)
        .not_valid_after(now - _BEFORE + timedelta(days=_SERVER_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .sign(signing_key, SHA256())
    )


def _builder(subject: "x509.Name", issuer: "x509.Name", key: "EllipticCurvePrivateKey") -> "x509.CertificateBuilder":
    from cryptography import x509

    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    return builder.public_key(key.public_key()).serial_number(x509.random_serial_number())


def _key_usage(*, signs_certificates: bool) -> "x509.KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(title: str) -> "x509.Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, title[:64])])


def _der(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def _pem(certificate: "x509.Certificate") -> bytes:
    return authority_pem(b64encode(_der(certificate)).decode()).encode()


def _key_pem(key: "EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _is_address(host: str) -> bool:
    try:
        IPv4Address(host)
    except AddressValueError:
        return False
    return True


def _of_the_centre(room: Room, certificate: Path, key: Path) -> ServerCertificate:
    """The centre's own certificate, whose every lack is said before the room opens."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

    content, key_content = _read(certificate, "certificate"), _read(key, "key")
    try:
        chain = x509.load_pem_x509_certificates(content)
    except ValueError as error:
        raise ConfigurationError(
            f"« certificate » : {certificate} n'est pas un certificat au format PEM (-----BEGIN CERTIFICATE-----)."
        ) from error
    try:
        private = load_pem_private_key(key_content, None)
    except (ValueError, TypeError) as error:  # the second one: it has a password
        raise ConfigurationError(
            f"« key » : {key} n'est pas une clé privée au format PEM, sans mot de passe."
        ) from error
    if private.public_key() != chain[0].public_key():
        raise ConfigurationError(
            f"« key » : la clé {key} n'est pas celle du premier certificat de {certificate}. Donnez la clé avec laquelle il a "
            "été demandé ; le certificat des postes vient en premier dans le fichier, puis ses intermédiaires."
        )
    _check_chain(chain, certificate)
    _check_hosts(room, chain[0], certificate)
    return ServerCertificate(
        b"".join(map(_pem, chain)), private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )


def _read(path: Path, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"« {setting} » : {in_french(error, path)}") from error


def _check_chain(chain: "Sequence[x509.Certificate]", path: Path) -> None:
    from cryptography.exceptions import InvalidSignature

    for below, above in pairwise(chain):
        try:
            below.verify_directly_issued_by(above)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise ConfigurationError(
                f"« certificate » : dans {path}, un certificat n'est pas signé par celui qui le suit. Mettez celui des postes en "
                "premier, puis chaque intermédiaire après celui qu'il a signé."
            ) from error
    now = datetime.now(UTC)
    for certificate in chain:
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if begins > now:
            raise ConfigurationError(
                f"« certificate » : un certificat de {path} ne vaut qu'à partir du {begins:%d/%m/%Y}. Attendez ce jour, ou "
                "vérifiez l'horloge de cette machine."
            )
        if ends < now + timedelta(days=1):  # the day of the exam goes on
            raise ConfigurationError(
                f"« certificate » : un certificat de {path} ne vaut que jusqu'au {ends:%d/%m/%Y}. Demandez-en un autre."
            )


def _check_hosts(room: Room, certificate: "x509.Certificate", path: Path) -> None:
    from cryptography import x509
    from cryptography.x509.oid import ExtendedKeyUsageOID

    names, addresses = list[str](), list[object]()
    try:
        alternatives = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names = [name.lower() for name in alternatives.get_values_for_type(x509.DNSName)]
        addresses = list(alternatives.get_values_for_type(x509.IPAddress))
    except x509.ExtensionNotFound:
        pass
    missing = [
        host
        for host in _hosts(room)
        if (IPv4Address(host) not in addresses if _is_address(host) else not _covered(host, names))
    ]
    if missing:
        listed = ", ".join(missing[:3]) + (f" et {len(missing) - 3} autres" if len(missing) > 3 else "")
        raise ConfigurationError(
            f"« certificate » : le certificat de {path} n'est pas fait pour {listed}. Demandez-en un pour tous les postes"
            f"{f' (*.{room.domain})' if room.domain else ''}, ou corrigez « {'domain' if room.domain else 'host'} »."
        )
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return
    if ExtendedKeyUsageOID.SERVER_AUTH not in usage:
        raise ConfigurationError(
            f"« certificate » : le certificat de {path} n'est pas celui d'un serveur. Demandez-en un pour un serveur web."
        )


def _covered(host: str, names: Sequence[str]) -> bool:
    return host in names or f"*.{host.partition('.')[2]}" in names
