"""What a station answers to the examiner is its candidate's to change: anything but an object is refused."""

from collections.abc import Sequence

import pytest

from provisioner.build.driver import Inside
from provisioner.core.errors import StationNotReady
from provisioner.engine.protocol import Output
from tests.unit.fake_engine import FakeEngine


class Answering(FakeEngine):
    """Every command in it ends in this way."""

    def __init__(self, status: int, stdout: bytes = b"", stderr: bytes = b"") -> None:
        super().__init__()
        self.output = Output(status, stdout, stderr)

    def run(self, container: str, command: Sequence[str], **_: object) -> Output:
        return self.output


def test_an_answer_is_a_json_object() -> None:
    inside = Inside(Answering(0, b'{"php": "8.2"}'), "poste")
    assert inside.ask("versions.php", {}) == {"php": "8.2"}


@pytest.mark.parametrize("output", [b"", b"<br>Warning", b"[1, 2]", b'"php"', b"null", b"\xff"])
def test_an_answer_that_is_none_is_the_stations_fault(output: bytes) -> None:
    with pytest.raises(StationNotReady, match="autre chose que ce qui est attendu"):
        Inside(Answering(0, output), "poste").ask("versions.php", {})


def test_a_script_that_fails_is_told_with_its_own_words() -> None:
    with pytest.raises(StationNotReady, match=r"versions\.php, pas de base"):
        Inside(Answering(1, stderr=b"pas de base\n"), "poste").ask("versions.php", {})
