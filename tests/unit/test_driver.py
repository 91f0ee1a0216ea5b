"""What a station answers to the examiner is its candidate's to change: anything but an object is refused."""

import json
from collections.abc import Sequence

import pytest

from provisioner.build.driver import Inside, SignedIn
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


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"<br>Warning",
        b"[1, 2]",
        b'"php"',
        b"null",
        b"\xff",
        b"\0",
        b'{"a":' * 100_000,
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a": "' + b"a" * (300 << 10) + b'"}',
    ],
    ids=lambda output: output[:12].decode(errors="replace"),
)
def test_an_answer_that_is_none_is_the_stations_fault(output: bytes) -> None:
    with pytest.raises(StationNotReady, match="autre chose que ce qui est attendu"):
        Inside(Answering(0, output), "poste").ask("versions.php", {})


def test_a_script_that_fails_is_told_with_its_own_words() -> None:
    with pytest.raises(StationNotReady, match=r"versions\.php, pas de base"):
        Inside(Answering(1, stderr=b"pas de base\n"), "poste").ask("versions.php", {})


SIGNED_IN = {"user": "candidat", "cookies": {"wordpress_12ab": "candidat|1779350400|x"}, "nonce": "a1b2"}


def test_an_examiner_is_signed_in_by_cookies_whose_values_no_sign_ends() -> None:
    signed = SignedIn.read(SIGNED_IN)
    assert (signed.user, signed.nonce) == ("candidat", "a1b2")
    assert signed.cookies == {"wordpress_12ab": "candidat%7C1779350400%7Cx"}
    hostile = 'a"; } \n\0é;proxy_pass $host'
    (value,) = SignedIn.read({**SIGNED_IN, "cookies": {"a": hostile}}).cookies.values()
    assert value == "a%22%3B%20%7D%20%0A%00%C3%A9%3Bproxy_pass%20%24host"


@pytest.mark.parametrize(
    "wrong",
    [
        {"cookies": {'a"; } location / { proxy_pass http://192.0.2.1; }': "b"}},
        {"cookies": {"a\n": "b"}},
        {"cookies": {"": "b"}},
        {"cookies": {"é": "b"}},
        {"cookies": {"a b": "b"}},
        {"cookies": {"a" * 129: "b"}},
        {"cookies": {"a": 12}},
        {"cookies": {"a": ["b"]}},
        {"cookies": {"a": "b" * 4097}},
        {"cookies": {"a": "\ud800"}},
        {"cookies": {}},
        {"cookies": {f"a{number}": "b" for number in range(9)}},
        {"cookies": ["a"]},
        {"cookies": None},
        {"user": None},
        {"user": {"login": "candidat"}},
        {"nonce": 7},
    ],
    ids=lambda wrong: ascii(wrong)[:40],
)
def test_an_examiner_is_signed_in_by_nothing_else(wrong: dict[str, object]) -> None:
    answer = json.dumps({**SIGNED_IN, **wrong}).encode()
    answered = Inside(Answering(0, answer), "poste").ask("sign-in.php", {})
    with pytest.raises(StationNotReady, match="autre chose que ce qui est attendu") as refusal:
        SignedIn.read(answered)
    assert "\n" not in str(refusal.value)
    missing = {key: value for key, value in SIGNED_IN.items() if key not in wrong}
    with pytest.raises(StationNotReady, match="autre chose que ce qui est attendu"):
        SignedIn.read(missing)
