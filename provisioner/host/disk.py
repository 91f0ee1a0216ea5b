"""Files that are whole or not there, private folders, locks; and what the disk refuses, in French."""

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_native_id

from filelock import FileLock, Timeout

from provisioner.core.errors import Busy, ProvisionerError

_PRIVATE = ".clair-"
#: How the system says that there is no room left.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def printable(name: str) -> str:
    """A file's name as a screen can show it: a stick may hold names of another encoding, or worse."""
    return "".join(c if c.isprintable() else "?" for c in name)


def in_french(error: OSError, where: Path) -> str:
    """A sentence for what the system refused at `where`, and what to do about it."""
    if error.errno in FULL:
        return f"Le disque de {where} est plein : libérez de la place, puis relancez la commande."
    path = printable(str(error.filename2 or error.filename or where))
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{path} est interdit à cet utilisateur : donnez-lui-en le droit, ou choisissez un autre dossier."
    if error.errno == errno.EROFS:
        return f"{path} est sur un disque en lecture seule : déverrouillez-le, ou choisissez un autre dossier."
    if error.errno == errno.ENOENT:
        return f"{path} n'existe pas : vérifiez le chemin, et que la clé ou le disque est branché."
    if error.errno in (errno.ENOTDIR, errno.EEXIST):
        return f"{path} n'est pas un dossier : indiquez-en un."
    if error.errno == errno.EISDIR:
        return f"{path} est un dossier, un fichier était attendu : renommez-le ou déplacez-le."
    return f"{path} ne peut être ni lu ni écrit (détail : {error.strerror or error}) : vérifiez le disque ou la clé."


@contextmanager
def disk_in_french(where: Path, kind: type[ProvisionerError], more: str = "") -> Iterator[None]:
    """Translate what the disk refuses in this block; `where` is the folder that it writes to."""
    try:
        yield
    except OSError as error:
        raise kind(f"{in_french(error, where)} {more}".strip()) from error


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """A hidden file to write what `path` shall hold; `settle` gives it that name, else it is removed after the block."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def hand_back(path: Path) -> None:
    """Give what root made in another user's folder to that user, with all that is in it: he can go on without sudo."""
    if os.geteuid() != 0:
        return
    owners = [owner for folder in (path, path.parent) if folder.exists() and (owner := folder.stat()).st_uid]
    for found in (path, *path.rglob("*")) if owners else ():
        with suppress(OSError):  # gone meanwhile, or on a disk that knows no owners
            if found.lstat().st_uid == 0:
                os.chown(found, owners[0].st_uid, owners[0].st_gid, follow_symlinks=False)


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder where it isn't there, with those that lead to it; root gives them to the user whose folder they are in."""
    above = next(parent for parent in (folder, *folder.parents) if parent.parent.exists())
    folder.mkdir(mode=mode, parents=True, exist_ok=True)
    hand_back(above)


def make_private_folder(folder: Path) -> None:
    """The same, for a folder that is its owner's alone."""
    make_folder(folder, 0o700)


def write_whole(path: Path, content: str | bytes, *, mode: int | None = None) -> None:
    """Have a file hold this: whoever reads it, also after a power cut, finds what was there before or all of this.

    `mode`: its permissions, else as the umask says. Raises OSError where the disk refuses; nothing is left then.
    """
    # `sweep` knows by the process whether what it finds was left by one that was killed.
    draft = path.with_name(f".{path.name}.{get_native_id()}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            if mode is not None:
                draft.chmod(mode)
            file.write(content.encode() if isinstance(content, str) else content)
        settle(draft, path)
    except BaseException:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def settle(draft: Path, path: Path) -> None:
    """Give a file that was written to its end its final name, and to the user whose folder it is in; see `write_whole`."""
    hand_back(draft)
    replace_durably(draft, path)


def replace_durably(draft: Path, path: Path) -> None:
    """Give a file its final name; after a power cut there is the file of before, or all of this one."""
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def flush_to_disk(path: Path) -> None:
    """Write a file to the disk and drop it from memory: reading it next reads what the disk has."""
    with path.open("rb") as written:
        os.fsync(written.fileno())  # first: what isn't on the disk yet stays in memory
        os.posix_fadvise(written.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder outlive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def private_folder(folder: Path) -> Iterator[Path]:
    """A folder for what nobody may find later. It is removed after the block; after a kill, by the next `sweep`."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=f"{_PRIVATE}{os.getpid()}-") as name:
        yield Path(name)


def sweep(folder: Path) -> None:
    """Remove from a folder what killed processes left: private folders, and files not written to their end."""
    for left in folder.glob(f"{_PRIVATE}*"):
        if not Path("/proc", left.name.removeprefix(_PRIVATE).partition("-")[0]).exists():
            shutil.rmtree(left, ignore_errors=True)
    for part in folder.glob("*/*.part"):  # see write_whole
        process = part.name.split(".")[-2]
        if process.isdigit() and not Path("/proc", process).exists():
            part.unlink(missing_ok=True)


@contextmanager
def locked(
    lock_file: Path, what: str, seconds: float, tell: Callable[[str], None] = lambda text: None
) -> Iterator[None]:
    """Hold a lock among this machine's processes; `what` it guards, in French. `tell` is told of a wait; Busy after `seconds`."""
    make_folder(lock_file.parent)
    lock = FileLock(lock_file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell(f"Attente d'une autre commande, qui s'occupe de {what}")
        try:
            lock.acquire(timeout=seconds)
        except Timeout as error:
            raise Busy(f"Une autre commande s'occupe de {what} : attendez qu'elle finisse, ou arrêtez-la.") from error
    try:
        hand_back(lock_file.parent)
        yield
    finally:
        lock.release()
        hand_back(lock_file.parent)  # a download that was cut short goes on without sudo


def copy(source: Path, draft: Path) -> None:
    """Copy the bytes alone: a USB stick may refuse an owner or a mode."""
    with source.open("rb") as incoming, draft.open("wb") as outgoing:
        shutil.copyfileobj(incoming, outgoing, 1024 * 1024)


def serves_others(folder: Path) -> bool:
    """Whether a folder can't be the state folder: anybody may write to it, or it is the home or the root; false if absent."""
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    return bool(mode & stat.S_IWOTH) or folder in (Path.home(), Path("/"))
