"""Takes a station's password out of the copy that is archived: an archive travels, and may be read by others.

A station keeps what it was given at its first start, the password in clear among it, and needs the rest of it at each
later start. The CMS's own tables have the password's hash only, which stays: it is a part of the candidate's site, and
ten random letters aren't guessed from it. The key of the site's sessions stays too, since the site's own data may be
under it; it opens nothing but this site.
"""

import io
import json
import tarfile

from provisioner.core.errors import EngineError
from provisioner.engine.protocol import Engine

#: What a station was given at its first start; see stacks/base/files/opt/e5b/told.
_GIVEN = "/var/lib/e5b/station.json"


def strip_secrets(engine: Engine, copy: str, password: str | None) -> tuple[str, ...]:
    """Take the password out of a sleeping copy of a station; the paths of the files that were changed.

    What a candidate has made of that file, who may have become root in the station, never prevents an archive.
    """
    try:
        given = engine.get(copy, _GIVEN)
    except (EngineError, LookupError, tarfile.TarError):  # no longer a file, or too long to be what was given
        given = b""
    if given is None or (stripped := _without_password(given, password)) == given != b"":
        return ()
    entry, packed = tarfile.TarInfo(_GIVEN.lstrip("/")), io.BytesIO()
    entry.size, entry.mode = len(stripped), 0o640
    with tarfile.open(fileobj=packed, mode="w") as tar:
        tar.addfile(entry, io.BytesIO(stripped))
    if not given:
        engine.run(copy, ["rm", "-rf", "--", _GIVEN], seconds=60)
    engine.put_tar(copy, "/", iter((packed.getvalue(),)))
    return (_GIVEN,)


def _without_password(given: bytes, password: str | None) -> bytes:
    """What a station was given, without its candidate's account; nothing where it can't be read any more."""
    try:
        values = json.loads(given)
        kept = {key: value for key, value in values.items() if key != "candidate"}
    except (ValueError, TypeError, AttributeError, RecursionError):
        return b""
    stripped = given if kept == values else f"{json.dumps(kept)}\n".encode()
    return b"" if password and password.encode() in stripped else stripped
