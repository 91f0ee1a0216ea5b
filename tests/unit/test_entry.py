"""What the declaration of a step says: constants and what it holds, and no names."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from provisioner.proof.entry import entry_digest
from provisioner.subject.check import Check, NearMiss
from provisioner.subject.subjects import examples_for

Run = Callable[[Any], object]


def robot(desk: Any, words: str = "", *, save: bool = True) -> None:
    desk.page.fill(words)


def robot_by_another_name(desk: Any, words: str = "", *, save: bool = True) -> None:
    desk.page.click()


def says(words: object) -> Run:
    return lambda desk: robot(desk, words)  # type: ignore[arg-type]


def in_a_function(words: str) -> Run:
    def run(desk: Any) -> None:
        """What it does."""

        def inner(form: Any) -> None:
            form.fill(words)

        robot(desk, save=False)
        inner(desk.page)

    return run


def in_another_function(said: str) -> Run:
    def other_name(place: Any) -> None:
        def also_other(page: Any) -> None:
            page.write(said)

        robot_by_another_name(place, kept=False)  # type: ignore[call-arg]
        also_other(place.screen)

    return other_name


SAME: list[tuple[Run, Run]] = [
    (says("a"), says("a")),
    (in_a_function("a"), in_another_function("a")),
    (partial(robot, save=False), partial(robot_by_another_name, save=False)),
    (robot, robot_by_another_name),
]
OTHER: list[tuple[Run, Run]] = [
    (says("a"), says("b")),
    (in_a_function("a"), in_a_function("b")),
    (partial(robot, save=False), partial(robot, save=True)),
    (partial(robot, words="a"), partial(robot, words="b")),
    (says("a"), robot),
    (partial(robot, save=False), partial(robot_by_another_name, fewer=False)),  # type: ignore[call-arg]
    (says(Decimal("1.50")), says(Decimal("1.60"))),
    (says(date(2026, 1, 2)), says(date(2026, 1, 3))),
    (says({"a", "b"}), says({"a", "c"})),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_and_what_a_robot_does_are_no_part_of_a_declaration(one: Run, other: Run) -> None:
    assert entry_digest(one) == entry_digest(other)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_constants_and_what_a_function_holds_are(one: Run, other: Run) -> None:
    assert entry_digest(one) != entry_digest(other)


def test_a_method_of_the_check_is_a_part_of_the_declaration() -> None:
    check = examples_for([], "prestashop")[0]
    assert entry_digest(check.near_misses) != entry_digest(check.verify)


def test_of_functions_that_begin_in_one_line_each_is_itself() -> None:
    def held() -> list[Run]:
        return [lambda d: d.a(1), lambda d: d.a(2), lambda d: d.a(1)]

    one, two, again = map(entry_digest, held())
    assert (one == again, one == two) == (True, False)


@pytest.mark.parametrize("cms", ["wordpress", "prestashop"])
def test_every_declaration_can_be_read_and_is_the_same_each_time(cms: str) -> None:
    def digests(checks: list[Check]) -> list[str]:
        entries: list[NearMiss] = [entry for check in checks for entry in check.near_misses()]
        return [entry_digest(entry.run) for entry in entries]

    assert digests(examples_for([], cms)) == digests(examples_for([], cms))
