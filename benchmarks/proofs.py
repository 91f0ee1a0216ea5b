"""Prints how long the proof of a whole edition takes, its steps and what failed, each time anew.

    .venv/bin/python benchmarks/proofs.py [STACK] [TIMES]

Needs an engine, a browser and the stack's golden image. So many proofs (3), one after another, each with a state of its
own; exit code 1 when one fails or takes longer than its CMS may. The state of one that does stays: its page tells more.
Each is a plain proof: it writes its steps into the stack's ledger, `checks/ledger/`.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from provisioner.host.editions import load_stacks, stack_named
from provisioner.host.paths import ROOT

#: In minutes.
BOUNDS = {"wordpress": 60, "prestashop": 70}


def steps(document: Mapping[str, Any]) -> int:
    """How many steps a proof had: of each check before the work, after its ways, near misses and roads; each question."""
    checks = [1 + len(one["ways"]) + len(one["near_misses"]) + len(one["roads"]) for one in document.get("checks", [])]
    return sum(checks) + sum(len(one["questions"]) for one in document.get("subjects", []))


def failures(document: Mapping[str, Any]) -> list[str]:
    """What failed, and of which check or subject; why there was no proof at all."""
    proven = [*document.get("checks", []), *document.get("subjects", [])]
    failed = [f"{one['id']}, {failure}" for one in proven for failure in one["failures"]]
    return [*failed, document["error"]] if "error" in document else failed


def proof(stack: str, bound: float) -> bool:
    """Make one proof and tell it; whether nothing failed within so many minutes."""
    folder = tempfile.mkdtemp(prefix="e5b-proof-")
    began = time.monotonic()
    ran = subprocess.run(
        [ROOT / "e5b", "prove", "--stack", stack, "--json"],
        check=False,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "E5B_STATE": folder},
    )
    minutes = (time.monotonic() - began) / 60
    document = json.loads(ran.stdout or "{}")
    failed = failures(document)
    print(
        f"{stack}: {minutes:.1f} min ({'within' if minutes <= bound else 'ABOVE'} {bound:g}), {steps(document)} steps, "
        f"{len(failed)} failed, exit code {ran.returncode}",
        *failed,
        sep="\n  ",
        flush=True,
    )
    if ran.returncode or minutes > bound:
        print(f"  {document.get('report', folder)}", flush=True)
        return False
    shutil.rmtree(folder)
    return True


def main(words: list[str]) -> int:
    stack = stack_named(next((word for word in words if word in load_stacks()), "wordpress-2024"))
    times = next((int(word) for word in words if word.isdigit()), 3)
    print(json.dumps({"stack": stack.id, "times": times, "load": Path("/proc/loadavg").read_text().split()[0]}))
    right = [proof(stack.id, BOUNDS[stack.cms]) for _ in range(times)]
    return int(not all(right))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
