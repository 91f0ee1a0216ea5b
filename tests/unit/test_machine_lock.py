"""A lock that there is once on a machine: it says who has it, and goes with the process that had it."""

import os
import signal
import subprocess
import sys

import pytest

from provisioner.core.errors import Busy
from provisioner.host.machine_lock import alone_on_the_machine

#: A process that has the lock until it is killed.
HOLDER = """
import sys, time
from provisioner.host.machine_lock import alone_on_the_machine
with alone_on_the_machine(sys.argv[1], "l'essai", 0, print):
    print("held", flush=True)
    time.sleep(600)
"""


def test_a_second_process_waits_says_for_whom_and_has_the_lock_once_the_first_is_killed() -> None:
    name = f"essai-{os.getpid()}-a"  # the machine's other tests don't meet it
    with subprocess.Popen([sys.executable, "-c", HOLDER, name], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "held\n"
        said: list[str] = []
        with (
            pytest.raises(Busy, match=rf"\(processus {process.pid}\) s'occupe de l'essai"),
            alone_on_the_machine(name, "l'essai", 0.3, said.append),
        ):
            pytest.fail("two have the lock")
        assert [f"(processus {process.pid})" in text for text in said] == [True]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        with alone_on_the_machine(name, "l'essai", 0.3, said.append):
            pass


def test_the_lock_is_free_again_after_an_error() -> None:
    name = f"essai-{os.getpid()}-b"
    with pytest.raises(ZeroDivisionError), alone_on_the_machine(name, "l'essai", 0, print):
        _ = 1 / 0
    with alone_on_the_machine(name, "l'essai", 0, print):
        pass
