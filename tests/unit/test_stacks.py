"""An image has the versions that were asked for, or says which it has instead, or isn't kept."""

from dataclasses import replace

import pytest

from provisioner.config import stack_named
from provisioner.engine import ImageState
from provisioner.errors import BuildFailed
from provisioner.stacks import _unpinned, golden_of
from tests.unit.fake_engine import FakeEngine

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


SHOP = replace(
    stack_named("prestashop-2024"), versions={"prestashop": "1.7.7.8", "module ps_linklist": "4.0.0 (activé)"}
)


def test_a_stand_in_of_the_cms_brings_modules_of_its_own() -> None:
    found = {"prestashop": "1.7.7.7", "module ps_linklist": "3.2.0 (activé)"}
    assert len(_unpinned(SHOP, found, {"1.7.7.7"})) == 2


@pytest.mark.parametrize("module", ["1.7.6 (désactivé)", "3.2.0 (activé)", "absent"])
def test_no_stand_in_explains_a_module_that_is_off_or_another_than_its_cms_has(module: str) -> None:
    with pytest.raises(BuildFailed, match=r"module ps_linklist : .* au lieu de 4\.0\.0 \(activé\)"):
        _unpinned(SHOP, {"prestashop": "1.7.7.8", "module ps_linklist": module}, {"1.7.6"})


@pytest.mark.parametrize("built_here", [True, False])
def test_an_image_that_an_archive_brought_along_takes_no_ones_place(built_here: bool) -> None:
    engine = FakeEngine()
    labels = {"e5b.kind": "golden", "e5b.stack": STACK.id, "e5b.differs": "[]", "e5b.versions": "{}"}
    built_at = {"e5b.built_at": "2026-05-20T10:00:00+02:00"}
    engine.kept_images["brought"] = ImageState("brought", {**labels, **built_at}, "", 0, named=False)
    if built_here:
        engine.kept_images["built"] = ImageState("built", {**labels, **built_at}, "", 0)
    found = golden_of(engine, STACK)
    assert found is not None
    assert found.image == ("built" if built_here else "brought")
