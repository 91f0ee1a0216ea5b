"""Brings one file here over HTTP, and resumes a transfer that broke off.

The bytes go to `<name>.part`; `<name>.part.json` says which address they came from and by what a
server recognises that it still has the same file. Whether it is the *right* file is not known
here: the store verifies it, and only then gives it its name. What has no address but a package's
name, npm's own client brings. httpx's errors are translated here.
"""

import errno
import json
import os
import shutil
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

import httpx

from provisioner.build.answer_deadline import AnswerDeadline
from provisioner.core.errors import ArtifactError, ArtifactMissing


class DownloadFailed(ArtifactMissing):
    """This address didn't give the file. The text is the end of a French sentence, without its full stop."""


class _Broken(Exception):
    """The transfer broke off in a way that another try may mend."""


@dataclass(frozen=True)
class Limits:
    """How long and how much, at most. Times are seconds.

    `silence` is the wait for the head of an answer and for its next bytes, `whole` that for one address, all
    tries together. What has arrived by then is kept, so a slow line gets there by calling again.
    """

    connect: float = 15
    silence: float = 30
    whole: float = 3600
    pauses: tuple[float, ...] = (1, 2, 4)
    most_bytes: int = 2 * 1024**3


LIMITS = Limits()


@dataclass(frozen=True)
class _Origin:
    """Where a partial file comes from. `validator` is a strong ETag or a Last-Modified, or empty."""

    url: str
    validator: str = ""
    total: int | None = None


def default_client(limits: Limits = LIMITS) -> httpx.Client:
    """A client that honours the proxies and the certificates that the environment names."""
    try:
        return httpx.Client(
            trust_env=True,
            verify=tls_context(),
            follow_redirects=True,
            timeout=httpx.Timeout(limits.silence, connect=limits.connect),
            limits=httpx.Limits(max_keepalive_connections=0),  # see AnswerDeadline
            # A server that unpacks a .tar.gz on the way would change its checksum.
            headers={"Accept-Encoding": "identity", "User-Agent": "e5b"},
        )
    except (ValueError, ImportError, OSError, httpx.InvalidURL) as error:
        # The value itself stays unsaid: a proxy's address may hold a password.
        raise ArtifactError(
            "Le proxy ou les certificats que l'environnement désigne sont inutilisables : corrigez HTTP_PROXY, "
            "HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE ou SSL_CERT_DIR, puis relancez la commande."
        ) from error


def tls_context() -> ssl.SSLContext:
    """The authorities that a client trusts: those that the environment names, else httpx's own and this machine's.

    The authority of a filter that decrypts TLS is in the machine's store alone, where `apt` and `curl` find it.
    """
    context = httpx.create_ssl_context()
    if not (os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")):
        context.load_default_certs()
    # From Python 3.13 on, it refuses the authorities of many filters, for extensions that no other client asks for.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def without_secrets(url: str) -> str:
    """The address as a message may show it: without a user, a password or a query."""
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL:
        return "adresse mal formée"
    return str(parts.copy_with(userinfo=b"", query=None, fragment=None))


def download(
    client: httpx.Client,
    url: str,
    part: Path,
    on_bytes: Callable[[int, int | None], None],
    limits: Limits = LIMITS,
    pause: Callable[[float], None] = time.sleep,
) -> bool:
    """Leave the whole file at `part`; true when it was put together out of more than one answer.

    Raises DownloadFailed, and then `part` holds what can be resumed, if anything; OSError when the
    disk refuses, and then nothing of this call's last answer is left on it.
    """
    transfer = _Transfer(client, url, part, on_bytes, limits, time.monotonic() + limits.whole)
    reason = ""
    for seconds in (0, *limits.pauses):
        if seconds:
            pause(seconds)
        deadline = AnswerDeadline(limits.silence)
        try:
            return transfer.attempt(deadline)
        except _Broken as broken:
            reason = str(broken)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason, mendable = (_silent(limits), True) if deadline.expired else _in_french(error, limits)
            if not mendable:
                raise DownloadFailed(reason) from error
        finally:
            deadline.cancel()
    raise DownloadFailed(f"{reason}, {len(limits.pauses) + 1} essais")


def discard(part: Path) -> None:
    """Forget a partial file and where it came from."""
    part.unlink(missing_ok=True)
    _origin_path(part).unlink(missing_ok=True)


@dataclass(frozen=True)
class _Transfer:
    """What all attempts to bring one file from one address share. `end` is on the monotonic clock."""

    client: httpx.Client
    url: str
    part: Path
    on_bytes: Callable[[int, int | None], None]
    limits: Limits
    end: float

    def attempt(self, deadline: AnswerDeadline) -> bool:
        """One request and its answer: true when the file was put together out of more than one answer.

        Raises _Broken where another attempt may bring the rest; DownloadFailed, OSError and httpx's errors.
        """
        origin = _origin(self.part)
        present = self.part.stat().st_size if origin.url == self.url and self.part.exists() else 0
        headers = _range_headers(present, origin)
        with self.client.stream("GET", self.url, headers=headers, extensions={"trace": deadline.trace}) as response:
            # `_write` notices the end of the time when bytes of the file come; this is for bytes that are none of its.
            deadline.restart(max(0, self.end - time.monotonic()) + self.limits.silence)
            if self.url.startswith("https:") and response.url.scheme != "https":
                raise DownloadFailed("l'adresse renvoie vers une autre qui n'est pas chiffrée")
            if response.status_code == 416 and present:
                self._require_whole(response, present)
                return True
            first, total = self._extent(response, present, origin)
            self._require_room(first, total)
            done = self._write(response, first, _Origin(self.url, _validator(response), total))
        if deadline.expired:  # an answer without a length ends like a whole one
            raise _Broken(_silent(self.limits))
        if total is not None and done != total:
            raise _Broken(f"le serveur a envoyé {done} octets sur les {total} annoncés")
        return first > 0

    def _require_whole(self, response: httpx.Response, present: int) -> None:
        """The server has nothing after what is present (416): that is the whole file, or the file has changed."""
        if _whole_length(response) != present:
            self._discard_changed()

    def _extent(self, response: httpx.Response, present: int, origin: _Origin) -> tuple[int, int | None]:
        """Where the answer's bytes begin in the file, and how long the file is, if the server says so."""
        status = response.status_code
        if status == 206 and present:
            total = _whole_length(response)
            start = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("-")[0]
            if start != str(present) or (origin.total and total and total != origin.total):
                self._discard_changed()
            return present, total
        if status == 200:
            return 0, _number(response.headers.get("Content-Length"))
        if status in (408, 425, 429) or status >= 500:
            raise _Broken(f"le serveur répond {status}, il est en panne ou débordé")
        raise DownloadFailed(_refusal(status))

    def _discard_changed(self) -> NoReturn:
        discard(self.part)
        raise _Broken("le serveur n'a plus le même fichier")

    def _require_room(self, first: int, total: int | None) -> None:
        if (total or 0) > self.limits.most_bytes:
            raise DownloadFailed(f"le serveur annonce {total} octets, bien trop pour cette archive")
        if total and shutil.disk_usage(self.part.parent).free < total - first:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.part))

    def _write(self, response: httpx.Response, first: int, origin: _Origin) -> int:
        """Write the answer's bytes after the `first` ones; returns how many there are now."""
        done = first
        try:
            with self.part.open("ab" if first else "wb") as out:
                if not first:
                    _origin_path(self.part).write_text(json.dumps(asdict(origin)), encoding="utf-8")
                self.on_bytes(done, origin.total)
                # As they come: in blocks of a given size, httpx would drop the last one when the line breaks.
                for chunk in response.iter_raw():
                    out.write(chunk)
                    done += len(chunk)
                    self.on_bytes(done, origin.total)
                    self._require_end(done)
        except OSError:
            if first:
                os.truncate(self.part, first)
            else:
                discard(self.part)
            raise
        return done

    def _require_end(self, done: int) -> None:
        """DownloadFailed where an answer is too long, or takes too long."""
        if done > self.limits.most_bytes:
            discard(self.part)
            raise DownloadFailed("le serveur envoie bien plus d'octets qu'une archive n'en a")
        if time.monotonic() > self.end:
            raise DownloadFailed(
                f"le transfert n'est pas fini après {self.limits.whole / 60:.0f} minutes ; "
                "ce qui est arrivé est gardé, relancez la commande pour continuer"
            )


def _range_headers(present: int, origin: _Origin) -> dict[str, str]:
    """Ask for what comes after the bytes that are present, if the server has the same file still."""
    if not present:
        return {}
    headers = {"Range": f"bytes={present}-"}
    return {**headers, "If-Range": origin.validator} if origin.validator else headers


def _origin_path(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _origin(part: Path) -> _Origin:
    """Where the partial file comes from; nowhere when that can't be told, and then it isn't resumed."""
    try:
        return _Origin(**json.loads(_origin_path(part).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return _Origin("")


def _validator(response: httpx.Response) -> str:
    """What If-Range may carry: it asks for a strong ETag, or for the date."""
    tag: str = response.headers.get("ETag", "")
    date: str = response.headers.get("Last-Modified", "")
    return tag if tag and not tag.startswith("W/") else date


def _whole_length(response: httpx.Response) -> int | None:
    return _number(response.headers.get("Content-Range", "").rpartition("/")[2])


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


def _refusal(status: int) -> str:
    if status in (404, 410):
        return f"le fichier n'est pas à cette adresse ({status})"
    if status == 407:
        return "le proxy demande une identification (407) : indiquez-la dans HTTP_PROXY et HTTPS_PROXY"
    return f"le serveur refuse de donner le fichier ({status})"


def _silent(limits: Limits) -> str:
    return f"le serveur n'a plus rien envoyé pendant {limits.silence:.0f} secondes"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _in_french(error: Exception, limits: Limits) -> tuple[str, bool]:
    """What went wrong, and whether another try may mend it."""
    causes = tuple(_causes(error))
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return "l'adresse est mal formée", False
    if isinstance(error, httpx.TooManyRedirects):
        return "l'adresse renvoie sans fin vers une autre", False
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return (
            "le certificat du serveur n'est pas reconnu (l'heure de cette machine est-elle juste ? Si un filtre de "
            "l'établissement déchiffre les échanges, son autorité de certification doit être installée sur cette machine)"
        ), False
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return "le nom du serveur ou du proxy est introuvable (cette machine est-elle reliée à Internet ?)", False
    if isinstance(error, httpx.ProxyError):
        return "le proxy a refusé la connexion (vérifiez HTTP_PROXY et HTTPS_PROXY)", True
    if isinstance(error, httpx.ConnectTimeout):
        return f"le serveur n'a pas accepté de connexion en {limits.connect:.0f} secondes", True
    if isinstance(error, httpx.TimeoutException):
        return _silent(limits), True
    if isinstance(error, httpx.ConnectError):
        return "la connexion est refusée", True
    return "la connexion s'est interrompue", True
