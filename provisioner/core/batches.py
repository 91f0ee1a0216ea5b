"""Runs the same for several things, so that an error of one keeps no other back."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType
from typing import Any, TypeVar

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


def raise_combined(errors: Sequence[Exception], done: Mapping[str, Any] = MappingProxyType({}), code: int = 0) -> None:
    """Raise one error for these, if any, of the gravest one's kind, with the causes of all for the debug log.

    `done` is what was done all the same, `code` the exit code to which that came.
    """
    for error in errors:
        if not isinstance(error, ProvisionerError):
            raise error
    foreseen = [error for error in errors if isinstance(error, ProvisionerError)]
    if foreseen:
        gravest = max(foreseen, key=lambda error: error.exit_code)
        combined = type(gravest)("\n".join(dict.fromkeys(map(str, foreseen))))
        combined.done, combined.exit_code = done, max(gravest.exit_code, code)
        raise combined from ExceptionGroup("each of them", foreseen)
