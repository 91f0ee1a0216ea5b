"""Images that stand on each other go in their order."""

from collections.abc import Iterable

from provisioner.core.errors import EngineError
from provisioner.engine.protocol import Engine


def remove_images(engine: Engine, images: Iterable[str]) -> list[EngineError]:
    """Remove images, each after those that stand on it; why some of them stay."""
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
