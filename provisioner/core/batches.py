"""Runs the same for several things, so that an error of one keeps no other back."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from provisioner.core.errors import ProvisionerError
from provisioner.core.interruption import awaited

Item = TypeVar("Item")
Result = TypeVar("Result")


def each(items: Sequence[Item], run: Callable[[Item], Result], workers: int) -> tuple[list[Result], list[Exception]]:
    """Run for each item, so many at a time; what came of those that succeeded, and the errors of the others.

    Interrupted, no further one begins.
    """
    pool = ThreadPoolExecutor(workers)
    try:
        futures = [pool.submit(run, item) for item in items]
        for future in futures:
            awaited(future)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    raised = [future.exception() for future in futures]
    done = [future.result() for future, error in zip(futures, raised, strict=True) if error is None]
    for error in raised:
        if error is not None and not isinstance(error, Exception):
            raise error
    return done, [error for error in raised if isinstance(error, Exception)]


def in_turn(
    items: Iterable[Item], run: Callable[[Item], Result]
) -> tuple[list[tuple[Item, Result]], list[ProvisionerError]]:
    """Run for each item, one after another; each with what came of it, and the errors of the others."""
    done, errors = [], list[ProvisionerError]()
    for item in items:
        try:
            done.append((item, run(item)))
        except ProvisionerError as error:
            errors.append(error)
    return done, errors
