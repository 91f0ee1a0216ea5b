"""Removal of images that are built on one another, whichever way round they are given."""

from collections.abc import Iterable

from provisioner.core.errors import EngineError
from provisioner.engine.protocol import Engine


def remove_images(engine: Engine, images: Iterable[str]) -> list[EngineError]:
    """Remove images, each after those that are built on it; returns why the others stay."""
    left = list(images)
    while left:
        errors, stay = [], []
        for image in left:
            try:
                engine.remove_image(image)
            except EngineError as error:
                errors.append(error)
                stay.append(image)
        if len(stay) == len(left):
            return errors
        left = stay
    return []
