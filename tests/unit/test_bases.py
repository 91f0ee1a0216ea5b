"""Debian's mirrors: the centre's, the public one, the archive."""

import errno
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from provisioner.build import bases, stacks
from provisioner.core.errors import BuildFailed, ConfigurationError
from provisioner.core.progress import Quiet
from provisioner.engine.protocol import ImageState
from provisioner.host.editions import stack_named
from provisioner.host.settings import Settings
from tests.unit.fake_engine import FakeEngine

GONE = "E: Failed to fetch http://mirror.test/php7.4.deb 404  Not Found"


class Engine(FakeEngine):
    """Has the root file system of bullseye; `mirrors` are those that base images were made to name."""

    def __init__(self) -> None:
        super().__init__()
        self.mirrors: dict[str, str] = {}
        self.labels: dict[str, str] = {}

    def image(self, reference: str) -> ImageState | None:
        known = reference == "e5b/base-bullseye:latest" or reference in self.mirrors
        return ImageState(reference, self.labels, "", 0) if known else None

    def build(
        self,
        context: Mapping[str, Path],
        tag: str,
        arguments: Mapping[str, str],
        labels: Mapping[str, str],
        say: Callable[[str], None],
    ) -> str:
        assert context["Dockerfile"].is_file()
        self.mirrors[tag] = arguments["DEBIAN_MIRROR"]
        say("Step 2/4 : FROM ${BASE}")
        return tag


class Bare(Engine):
    """Has nothing of Debian: pulls nothing where `why_not` says so, and keeps what is imported."""

    why_not = "détail : no route to host"
    imported: bytes = b""
    imported_with: Mapping[str, str] = MappingProxyType({})

    def image(self, reference: str) -> ImageState | None:
        return None

    def pull(self, reference: str) -> str:
        return self.why_not

    def import_root(self, archive: Path, tag: str, labels: Mapping[str, str]) -> str:
        self.imported, self.imported_with = archive.read_bytes(), labels
        return tag


class Asked(FakeEngine):
    """Has Debian's own image and no other; keeps what each build is given."""

    def __init__(self) -> None:
        super().__init__()
        self.given: list[Mapping[str, str]] = []

    def image(self, reference: str) -> ImageState | None:
        return ImageState(reference, {}, "", 0) if reference.startswith("debian:") else None

    def build(
        self,
        context: Mapping[str, Path],
        tag: str,
        arguments: Mapping[str, str],
        labels: Mapping[str, str],
        say: Callable[[str], None],
    ) -> str:
        self.given.append(arguments)
        return tag


def _image(engine: FakeEngine, wanted: str) -> str:
    settings = Settings(debian_mirrors=dict.fromkeys(("bullseye", "bookworm"), "http://mirror.test/debian"))
    if wanted == "gateway":
        return stacks.gateway_image(engine, settings, Quiet())
    return stacks._runtime_image(engine, stack_named(wanted), settings, Quiet())


class Told(Quiet):
    """Keeps what is said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def step(self, text: str) -> None:
        self.said.append(text)


EXPIRED = "E: Release file for http://mirror.test/dists/bullseye-security/InRelease is expired (invalid since 40d 3h)."


def _gone_from(engine: Engine, *lacking: str, said: str = GONE) -> Callable[[str], str]:
    def build(base: str) -> str:
        mirror = engine.mirrors.get(base, "")
        if mirror in lacking:
            raise BuildFailed(said)
        return f"built from {mirror or 'the public mirror'}"

    return build


def test_the_public_mirror_needs_no_image_of_its_own() -> None:
    engine = Engine()
    assert (
        bases.build_on_debian(engine, "bullseye", Settings(), Told(), _gone_from(engine))
        == "built from the public mirror"
    )
    assert engine.mirrors == {}


def test_the_centres_mirror_is_the_one_that_packages_come_from() -> None:
    engine, settings = Engine(), Settings(debian_mirrors={"bullseye": "http://mirror.test/debian"})
    built = bases.build_on_debian(engine, "bullseye", settings, Told(), _gone_from(engine))
    assert built == "built from http://mirror.test/debian"


def test_a_root_that_a_mirror_made_serves_no_one_who_has_set_none(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    engine.labels = {"e5b.mirror": "http://intranet.test/debian"}
    monkeypatch.setattr(engine, "pull", lambda reference: "", raising=False)
    assert bases.build_on_debian(engine, "bullseye", Settings(), Told(), lambda base: base) == "debian:bullseye-slim"
    settings = Settings(debian_mirrors={"bullseye": "http://mirror.test/debian"})
    built = bases.build_on_debian(engine, "bullseye", settings, Told(), _gone_from(engine))
    assert built == "built from http://mirror.test/debian"


def test_a_mirror_for_a_debian_that_no_edition_is_on_is_a_mistake() -> None:
    settings = Settings(debian_mirrors={"Bulseye": "http://mirror.test/debian"})
    with pytest.raises(ConfigurationError, match=r"aucune édition n'est sur Debian Bulseye.* bookworm et bullseye"):
        bases.build_on_debian(Engine(), "bullseye", settings, Told(), lambda base: base)


def test_a_mirrors_own_image_is_made_in_steps_that_are_told() -> None:
    engine, told = Engine(), Told()
    settings = Settings(debian_mirrors={"bullseye": "http://mirror.test/debian"})
    bases.build_on_debian(engine, "bullseye", settings, told, _gone_from(engine))
    assert told.said == ["Debian bullseye du miroir http://mirror.test/debian", "  étape 2 sur 4"]


@pytest.mark.parametrize("said", [GONE, EXPIRED, GONE.replace("404  Not Found", "410  Gone")])
def test_the_archive_takes_the_place_of_a_mirror_that_no_longer_has_the_suite(said: str) -> None:
    engine, told = Engine(), Told()
    build = _gone_from(engine, "", said=said)
    assert bases.build_on_debian(engine, "bullseye", Settings(), told, build) == f"built from {bases.ARCHIVE}"
    assert "n'a plus tout ce qu'il faut de Debian bullseye" in told.said[0]


def test_where_the_archive_is_out_of_reach_a_sentence_says_what_to_set() -> None:
    engine = Engine()
    with pytest.raises(BuildFailed, match=r"^Le miroir public de Debian n'a plus .* debian_mirrors = .*404  Not Found"):
        bases.build_on_debian(engine, "bullseye", Settings(), Told(), _gone_from(engine, "", bases.ARCHIVE))


def test_a_failure_of_another_kind_is_not_blamed_on_the_mirror() -> None:

    def build(base: str) -> str:
        raise BuildFailed("no space left on device")

    with pytest.raises(BuildFailed, match=r"^no space"):
        bases.build_on_debian(Engine(), "bullseye", Settings(), Told(), build)


def test_the_official_image_is_taken_where_it_can_be_pulled(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Bare()
    engine.why_not = ""
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert bases.build_on_debian(engine, "bullseye", Settings(), Told(), lambda base: base) == "debian:bullseye-slim"


def test_where_it_cannot_be_pulled_mmdebstrap_makes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, told, tool = Bare(), Told(), tmp_path / "mmdebstrap"
    tool.write_text('#!/bin/sh\necho "root of $3" >"$4"\n')
    tool.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(tool))
    assert bases.build_on_debian(engine, "bullseye", Settings(), told, lambda base: base) == "e5b/base-bullseye:latest"
    assert engine.imported == b"root of bullseye\n"
    assert "e5b.mirror" not in engine.imported_with
    assert told.said == [
        "image debian:bullseye-slim : téléchargement",
        "image debian:bullseye-slim hors d'atteinte (détail : no route to host) : construction par mmdebstrap",
    ]


def test_where_no_folder_has_room_for_a_root_a_sentence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", none)
    monkeypatch.setattr("shutil.which", lambda name: "/usr/bin/mmdebstrap")
    with pytest.raises(BuildFailed, match=r"libérez de la place dans /tmp"):
        bases.build_on_debian(Bare(), "bullseye", Settings(), Told(), lambda base: base)


def test_what_a_mirror_made_says_which(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, tool = Bare(), tmp_path / "mmdebstrap"
    tool.write_text('#!/bin/sh\necho "root of $3" >"$4"\n')
    tool.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(tool))
    settings = Settings(debian_mirrors={"bullseye": "http://mirror.test/debian"})
    bases.build_on_debian(engine, "bullseye", settings, Told(), lambda base: base)
    assert engine.imported_with["e5b.mirror"] == "http://mirror.test/debian"


def test_an_interruption_ends_mmdebstrap_with_all_that_it_began_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool, begun = tmp_path / "mmdebstrap", tmp_path / "begun"
    tool.write_text(
        f'#!/bin/sh\ntouch "$TMPDIR/root"\nsleep 600 &\necho $! "$TMPDIR" >{begun}.part\nmv {begun}.part {begun}\nwait\n'
    )
    tool.chmod(0o755)
    monkeypatch.setattr("shutil.which", lambda name: str(tool))

    def interrupted(process: "subprocess.Popen[str]", *_: object, timeout: float) -> tuple[str, str]:
        while not begun.exists():
            time.sleep(0.01)
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess.Popen, "communicate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bases.build_on_debian(Bare(), "bullseye", Settings(), Told(), lambda base: base)
    child, folder = begun.read_text().split()
    assert not Path(folder).exists()
    assert not Path("/proc", child).exists() or "(zombie)" in Path("/proc", child, "status").read_text()


def test_where_neither_can_be_a_sentence_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(BuildFailed, match=r"mmdebstrap n'est pas installé .* e5b doctor --fix"):
        bases.build_on_debian(Bare(), "bullseye", Settings(), Told(), lambda base: base)


def test_where_the_gateways_image_cannot_be_made_who_opens_an_archive_is_told_to_be_online_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(BuildFailed, match=r"demande Internet, une seule fois.*no route to host"):
        stacks.gateway_image(Bare(), Settings(), Quiet())


@pytest.mark.parametrize("wanted", ["wordpress-trial", "prestashop-2024", "gateway"])
def test_an_image_that_was_brought_from_elsewhere_is_taken_as_it_is(wanted: str) -> None:
    engine = FakeEngine()  # which has every image, and can make none
    assert _image(engine, wanted).startswith(f"e5b/{'gateway' if wanted == 'gateway' else 'runtime'}")


@pytest.mark.parametrize("wanted", ["wordpress-trial", "prestashop-2024", "gateway"])
def test_every_image_is_made_through_the_proxies_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, wanted: str
) -> None:
    monkeypatch.setenv("http_proxy", "http://proxy.test:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3129")
    engine = Asked()
    _image(engine, wanted)
    mirrored, made = engine.given
    for given in (mirrored, made):
        assert (given["http_proxy"], given["HTTPS_PROXY"]) == ("http://proxy.test:3128", "http://proxy.test:3129")
    assert mirrored["BASE"].startswith("debian:")


def test_an_image_is_known_by_its_files_by_their_names_and_by_who_may_run_them(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("1")
    seen = {stacks._digest({"files": tmp_path}, {}), stacks._digest({"files": tmp_path}, {"PACKAGES": "x"})}
    (tmp_path / "one").chmod(0o755)
    seen.add(stacks._digest({"files": tmp_path}, {}))
    (tmp_path / "one").rename(tmp_path / "two")
    seen.add(stacks._digest({"files": tmp_path}, {}))
    (tmp_path / "two").write_text("2")
    assert len(seen | {stacks._digest({"files": tmp_path}, {})}) == 5


def test_the_steps_of_a_build_are_told_in_french() -> None:
    told = Told()
    say = bases.build_reporter(told)
    for line in ("Step 3/9 : RUN apt-get update", "Get:1 http://miroir.example bullseye"):
        say(line)
    assert told.said == ["  étape 3 sur 9"]


def test_a_build_tells_how_many_packages_are_there() -> None:
    told = Told()
    say = bases.build_reporter(told)
    for number in range(60):
        say(f"Preparing to unpack .../{number}.deb ...\r\nUnpacking lib{number} (1.0) ...")
    for number in range(30):
        say(f"Setting up lib{number} (1.0) ...")
    assert told.said == ["  25 paquets déballés", "  50 paquets déballés", "  25 paquets installés"]
