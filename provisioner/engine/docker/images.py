"""Images: looked at, pulled, built, saved and removed."""

import io
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import docker.errors

from provisioner.core.errors import BuildFailed
from provisioner.engine.docker.api import Image, ListedImage, Progress
from provisioner.engine.docker.client import Client, connect_with_limit, label_filters
from provisioner.engine.docker.errors import NO_ANSWER, SILENCE, translated, write_to
from provisioner.engine.docker.files import tar_of
from provisioner.engine.protocol import ImageState

#: How long a pull may take, how long it may send nothing, and how long a build may send nothing, in seconds: a registry
#: or a mirror may stall for good.
PULL, PULL_SILENCE, BUILD_SILENCE = 900.0, 120.0, 900.0
_SAVED_AT_ONCE = 1 << 20
#: How many inspected images are remembered: a room of forty stations has some two hundred snapshots.
_KEPT = 1000
_COLOUR = re.compile(r"\x1b\[\d*m")


class Images(Client):
    """The engine's methods on images."""

    def image(self, reference: str) -> ImageState | None:
        """See Engine."""
        with translated(f"Image {reference}"):
            try:
                image = self._api.inspect_image(reference)
            except docker.errors.ImageNotFound:
                return None
        return _image_state(image)

    def images(self, **labels: str) -> list[ImageState]:
        """See Engine."""
        states = []
        with translated("Liste des images"):
            # Without `all`, an image that has no name and that another stands on would be left out.
            for listed in self._api.images(all=True, filters=label_filters(labels)):
                with suppress(docker.errors.ImageNotFound):  # removed meanwhile
                    states.append(replace(self._seen(listed["Id"]), named=_is_named(listed)))
        return sorted(states, key=lambda image: image.created, reverse=True)

    def _seen(self, id: str) -> ImageState:
        """An image, inspected once: an id is the digest of what it is, and only its names change."""
        if id not in self._inspected:
            if len(self._inspected) >= _KEPT:
                self._inspected.clear()
            self._inspected[id] = _image_state(self._api.inspect_image(id))
        return self._inspected[id]

    @cached_property
    def _inspected(self) -> dict[str, ImageState]:
        return {}

    def pull(self, reference: str) -> str:
        """See Engine."""
        repository, _, tag = reference.partition(":")
        deadline, last = time.monotonic() + PULL, "rien"
        try:
            api = connect_with_limit(PULL_SILENCE)
            for progress in api.pull(repository, tag=tag or "latest", stream=True, decode=True):
                if "error" in progress:
                    return f"détail : {progress['error']}"
                last = _shown(progress) or last
                if time.monotonic() > deadline:
                    return f"pas fini en {PULL / 60:.0f} minutes ; vu en dernier : {last}"
        except SILENCE:
            return f"plus rien depuis {PULL_SILENCE:.0f} secondes ; vu en dernier : {last}"
        except NO_ANSWER as error:
            return f"détail : {error}"
        # A registry may answer without its layers coming.
        return "" if self.image(reference) else f"vu en dernier : {last}"

    def import_root(self, archive: Path, tag: str, labels: Mapping[str, str]) -> str:
        """See Engine."""
        repository, version = tag.split(":")
        changes = [f'LABEL "{name}"="{value}"' for name, value in labels.items()]
        with translated(f"Image {tag}"), archive.open("rb") as stream:
            self._api.import_image_from_data(stream, repository=repository, tag=version, changes=changes)
            return str(self._api.inspect_image(tag)["Id"])

    def build(
        self,
        context: Mapping[str, Path],
        tag: str,
        arguments: Mapping[str, str],
        labels: Mapping[str, str],
        say: Callable[[str], None],
    ) -> str:
        """See Engine."""
        said: list[str] = []

        def failure(detail: str) -> BuildFailed:
            return BuildFailed(
                f"L'image {tag} n'a pas pu être construite. Vérifiez l'accès au réseau et la place sur le "
                f"disque, puis recommencez (détail : {' / '.join([*said[-4:], detail])})."
            )

        with translated(f"Image {tag}"):
            try:
                for progress in self._api.build(
                    fileobj=io.BytesIO(tar_of(context)),
                    custom_context=True,
                    tag=tag,
                    rm=True,
                    forcerm=True,
                    buildargs=dict(arguments),
                    labels=dict(labels),
                    decode=True,
                    timeout=BUILD_SILENCE,
                ):
                    if "error" in progress:
                        raise failure(progress["error"].strip())
                    text = _COLOUR.sub("", str(progress.get("stream", ""))).strip()
                    if len(text) > 2 and not text.startswith("--->"):  # apt's errors come in pieces: "E", ":", the rest
                        said.append(text)
                        say(text)
            except SILENCE as error:
                raise failure(f"plus rien depuis {BUILD_SILENCE / 60:.0f} minutes") from error
            return str(self._api.inspect_image(tag)["Id"])

    def save(self, image: str, sink: Callable[[bytes], object]) -> None:
        """See Engine."""
        with translated(f"Image {image[:19]}"):
            for data in self._api.get_image(image, chunk_size=_SAVED_AT_ONCE):
                write_to(sink, data)

    def load(self, tar: Iterable[bytes]) -> None:
        """See Engine."""
        with translated("Image de référence"):
            for _ in self._api.load_image(tar, quiet=True):
                pass

    def remove_image(self, image: str) -> None:
        """See Engine."""
        with translated("Suppression"), suppress(docker.errors.ImageNotFound):
            self._api.remove_image(image, force=True, noprune=True)


def _image_state(image: Image) -> ImageState:
    return ImageState(
        id=image["Id"],
        labels=image["Config"].get("Labels") or {},
        created=image["Created"],
        size=image["Size"],
        named=_is_named(image),
    )


def _is_named(image: Image | ListedImage) -> bool:
    """Whether it has a name here; an older engine's list calls one without a name so."""
    return any(name != "<none>:<none>" for name in image.get("RepoTags") or ())


def _shown(progress: Progress) -> str:
    parts = (progress.get("id"), progress.get("status"), progress.get("progress"))
    return " ".join(part for part in parts if part)
