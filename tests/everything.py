"""All that proves the program, in turn: style, types, tests. Arguments go to pytest.

A user who was given the engine's group a moment ago is in it here, though his session is older.
"""

import os
import subprocess
import sys

from provisioner.needs import begin_again_as_member

#: Stations wait as much as they work. A file's tests stay together, in the files' order: the longest are not the last.
TWO_AT_A_TIME = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")

if __name__ == "__main__":
    begin_again_as_member()
    for command in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]):
        if code := subprocess.run(command, check=False).returncode:
            sys.exit(code)
    os.execvp("pytest", ["pytest", *TWO_AT_A_TIME, *sys.argv[1:]])
