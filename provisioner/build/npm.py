"""Fetches a package that npm alone knows, through npm's own client."""

import errno
import os
import re
import shutil
import subprocess
from pathlib import Path

from provisioner.build.download import DownloadFailed


def npm_pack(package: str, folder: Path, seconds: float = 600) -> Path:
    """The package ("name@version") as npm's own client packs it into this empty folder.

    npm's own client does it, so that its configuration, its registry and its proxy are honoured. Raises DownloadFailed,
    and OSError when the disk is full.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise DownloadFailed(
            "le programme npm n'est pas installé sur cette machine (« sudo apt-get install npm » l'installe)"
        )
    command = [npm, "pack", package, "--ignore-scripts", "--loglevel=error"]
    try:
        run = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise DownloadFailed(f"npm n'a pas fini en {seconds / 60:.0f} minutes") from error
    if run.returncode == 0 and (packed := sorted(folder.glob("*.tgz"))):
        return packed[0]
    # Only npm's error code is shown: the rest is English, and may hold the registry's credentials.
    code = re.search(rb"\b(E[A-Z0-9_]{3,})\b", run.stderr)
    name = code[1].decode() if code else str(run.returncode)
    if name in ("E404", "ETARGET"):
        raise DownloadFailed(f"npm ne trouve pas ce paquet dans cette version ({name})")
    if name in ("E401", "E403", "E407"):
        raise DownloadFailed(f"npm n'a pas le droit de prendre ce paquet ({name})")
    if name == "ENOSPC":
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    raise DownloadFailed(f"npm n'a pas pu prendre ce paquet ({name})")
