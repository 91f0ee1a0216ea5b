"""An image has the versions that were asked for, or says which it has instead, or isn't kept."""

from dataclasses import replace

import pytest

from provisioner.config import stack_named
from provisioner.errors import BuildFailed
from provisioner.stacks import _unpinned

STACK = replace(stack_named("wordpress-2024"), versions={"wordpress": "6.4.2", "theme astra": "4.6.2"})


def test_what_is_read_back_as_it_was_pinned_differs_in_nothing() -> None:
    assert _unpinned(STACK, {"wordpress": "6.4.2", "theme astra": "4.6.2", "php": "8.2.1"}, set()) == []


def test_a_declared_stand_in_is_told_by_its_version() -> None:
    found = {"wordpress": "6.4.2", "theme astra": "4.5.2"}
    assert _unpinned(STACK, found, {"4.5.2"}) == ["theme astra : 4.5.2 au lieu de 4.6.2"]


@pytest.mark.parametrize("found", [{"wordpress": "6.4.3", "theme astra": "4.6.2"}, {"theme astra": "4.6.2"}])
def test_any_other_difference_is_no_image(found: dict[str, str]) -> None:
    with pytest.raises(BuildFailed, match=r"wordpress : \S+ au lieu de 6\.4\.2"):
        _unpinned(STACK, found, {"4.5.2"})
