"""Settings and stacks: what is accepted, and the sentence that says what is wrong, and where."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provisioner.build.overrides import load_overrides
from provisioner.core.errors import ConfigurationError, UnknownName
from provisioner.host.editions import edition_for, load_stacks, stack_named
from provisioner.host.paths import ROOT, Paths, places
from provisioner.host.settings import RESERVED_ROOMS, Settings, load_settings
from provisioner.host.toml_files import read_toml
from provisioner.subject.functionalities import fact, load_functionalities

SHA = "a" * 64


def settings_of(folder: Path, text: str) -> Settings:
    path = folder / "e5b.toml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def test_without_a_file_the_defaults_serve_one_machine(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "e5b.toml")
    assert settings == Settings()
    assert (settings.listen, settings.time_zone) == ("127.0.0.1", "Europe/Paris")


def test_a_centre_overseas_keeps_its_own_time(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, 'time_zone = "Indian/Reunion"\nplaces = 60\n')
    assert (str(settings.zone), settings.places) == ("Indian/Reunion", 60)


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        ("places = 61", "places", "nombre trop grand : 61 (limite 60)"),
        ("places = 0", "places", "nombre trop petit : 0 (limite 1)"),
        ('places = "vingt"', "places", "il faut un nombre entier, pas 'vingt'"),
        ("places = true", "places", "il faut un nombre entier, pas true"),
        ("network.port = true", "network.port", "il faut un nombre entier, pas true"),
        (
            'debian_mirrors = { bullseye = "http://moi:secret@depot.example/debian" }',
            "debian_mirrors.bullseye",
            "une adresse avec un mot de passe serait lisible dans chaque poste",
        ),
        ("network.allowed = 3", "network.allowed", "il faut une liste, pas 3"),
        ("places = 2.5", "places", "il faut un nombre entier, pas 2.5"),
        ("room = 3", "room", "il faut un texte entre guillemets, pas 3"),
        ('room = "Salle B"', "room", "« Salle B » n'a pas la forme attendue"),
        ('room = "preuve"', "room", "« preuve » est réservé"),
        ('time_zone = "Europe/Pari"', "time_zone", "fuseau horaire inconnu : Europe/Pari"),
        ('time_zone = "Europe"', "time_zone", "fuseau horaire inconnu : Europe"),  # a folder of zones
        ('time_zone = "../etc"', "time_zone", "fuseau horaire inconnu : ../etc"),
        ('subnet = "10.0.0.0/24"', "subnet", "le réseau doit être un /20 ou plus grand"),
        ('subnet = "10.0"', "subnet", "« 10.0 » n'est pas un réseau IPv4"),
        ('listen = "partout"', "listen", "« partout » n'est pas une adresse IPv4"),
        ('listen = "0.0.0.0"', "", "« host » (localhost) est pour chaque candidat sa propre machine"),
        (
            'listen = "192.0.2.1"\nhost = "127.0.0.2"\nnetwork.domain = "examen.test"',
            "",
            "qui doit être l'adresse IPv4 de cette machine",
        ),
        (
            'listen = "0.0.0.0"\nhost = "pc-7"\nnetwork.domain = "examen.test"',
            "",
            "qui doit être l'adresse IPv4 de cette machine",
        ),
        (
            'network = { domain = "examen.test", port = 8099 }',
            "",
            "le port 8099 est à la fois celui du mandataire et celui des noms (« port »)",
        ),
        (
            'network = { domain = "examen.test", port = 53 }',
            "",
            "le port 53 est à la fois celui du DNS (« dns_port ») et celui des noms",
        ),
        ('network.domain = "-.test"', "network.domain", "n'est pas un domaine comme examen.test"),
        ('editions = "2024"', "editions", "il faut une table, pas '2024'"),
        ("zzz = 2", "zzz", "cette clé n'existe pas."),
        ("salles = 2", "salles", "cette clé n'existe pas (vouliez-vous dire « "),
        ('lisen = "0.0.0.0"', "lisen", "cette clé n'existe pas (vouliez-vous dire « listen » ?)."),
        ("[network]\ndns_prot = 53", "network.dns_prot", "cette clé n'existe pas (vouliez-vous dire « dns_port » ?)."),
        ("dns_port = 53", "dns_port", "cette clé n'existe pas (elle se met dans [network])."),
        (
            '[network]\narchive_key = "age1"',
            "network.archive_key",
            "n'existe pas (elle se met au-dessus de [network]).",
        ),
    ],
)
def test_a_wrong_setting_is_told_with_its_file_its_key_and_its_value(
    tmp_path: Path, text: str, key: str, says: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings_of(tmp_path, text)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'e5b.toml'} : " + (f"« {key} » : " if key else ""))
    assert says in message
    assert "secret" not in message


def test_a_key_that_encrypts_nothing_is_refused_before_the_exam_and_not_repeated(tmp_path: Path) -> None:
    (tmp_path / "e5b.toml").write_text('archive_key = "AGE-SECRET-KEY-1QQQ"')
    with pytest.raises(ConfigurationError, match=r"archive_key.*clé publique age") as refused:
        load_settings(tmp_path / "e5b.toml")
    assert "1QQQ" not in str(refused.value)


def test_every_wrong_setting_is_told_not_the_first_alone(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings_of(tmp_path, "places = 99\nfirst_port = 80\n")
    assert "« places »" in str(caught.value)
    assert "« first_port »" in str(caught.value)


def test_rooms_that_proofs_empty_cannot_be_the_centres_own() -> None:
    assert set(RESERVED_ROOMS) == {"demo", "preuve", "contexte"}


def test_malformed_toml_is_told_with_its_line_and_without_english(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        settings_of(tmp_path, 'room = "salle"\nplaces 20\n')
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'e5b.toml'}, ligne 2, colonne ")
    assert "Vérifiez-y les guillemets" in message
    assert "Expected" not in message


def _a_folder(path: Path) -> None:
    path.mkdir()


def _that_loops(path: Path) -> None:
    path.symlink_to(path)


def _in_latin_1(path: Path) -> None:
    path.write_bytes('room = "été"'.encode("latin-1"))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "n'existe pas"),
        (_a_folder, "est un dossier"),
        (_that_loops, "ne peut être ni lu ni écrit (détail : "),
        (_in_latin_1, "n'est pas en UTF-8 : enregistrez-le"),
        (lambda path: path.write_text('a = "'), "TOML mal formé"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_path(tmp_path: Path, make: Any, says: str) -> None:
    path = tmp_path / "x.toml"
    make(path)
    with pytest.raises(ConfigurationError) as caught:
        read_toml(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)


def test_folders_follow_the_environment_else_the_users_own() -> None:
    usual = Paths.from_environment({"HOME": "/home/a"})
    assert (usual.cache, usual.state) == (Path("/home/a/.cache/e5b"), Path("/home/a/.local/state/e5b"))
    told = Paths.from_environment({"HOME": "/h", "E5B_CACHE": "/c", "E5B_STATE": "/s", "E5B_CONFIG": "/e.toml"})
    assert told == Paths(Path("/c"), Path("/s"), Path("/e.toml"))
    assert told.overrides == Path("/c/overrides.toml")


def test_a_folder_that_is_named_relatively_is_the_same_from_anywhere_and_an_empty_name_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = {"HOME": "/home/a", "E5B_STATE": "etat", "E5B_CACHE": "", "E5B_CONFIG": "../e5b.toml"}
    paths = Paths.from_environment(told)
    assert (paths.state, paths.cache) == (tmp_path / "etat", Path("/home/a/.cache/e5b"))
    assert paths.settings.resolve() == tmp_path.parent / "e5b.toml"
    assert Paths.from_environment({"HOME": "", "E5B_STATE": ""}) == Paths.from_environment({})
    assert places({"E5B_STATE": "etat", "E5B_CONFIG": "", "E5B_NOW": "x"}) == {"E5B_STATE": str(tmp_path / "etat")}


PINS = {
    "wordpress": ("6.4.2", "https://wordpress.org/wordpress-6.4.2.tar.gz", "d1aedbfea77b243b09e0ab05b100b782497406dd"),
    "wordpress-fr": ("6.4.2", "https://downloads.wordpress.org/translation/core/6.4.2/fr_FR.zip", ""),
    "astra": ("4.5.2", "https://downloads.wordpress.org/theme/astra.4.5.2.zip", ""),
    "astra-fr": ("4.5.2", "https://downloads.wordpress.org/translation/theme/astra/4.5.2/fr_FR.zip", ""),
    "wordpress-seo": ("21.8", "https://downloads.wordpress.org/plugin/wordpress-seo.21.8.zip", ""),
    "easy-maps-block": ("1.0.1", "https://downloads.wordpress.org/plugin/easy-maps-block.1.0.1.zip", ""),
}


def test_the_session_2024_stack_has_the_published_pins() -> None:
    stack = stack_named("wordpress-2024")
    assert {one.name: (one.version, one.urls[0], one.sha1) for one in stack.artifacts} == PINS
    assert stack.official
    assert stack.versions["wordpress"] == "6.4.2"
    assert stack.versions["theme astra"] == "4.5.2"


def test_the_2024_shop_has_the_published_pins() -> None:
    stack = stack_named("prestashop-2024")
    shop = next(one for one in stack.artifacts if one.version == "1.7.7.8" and "prestashop_" in one.urls[0])
    assert shop.urls[0] == "https://github.com/PrestaShop/PrestaShop/releases/download/1.7.7.8/prestashop_1.7.7.8.zip"
    assert shop.sha256 == "3a6e61be215f11948e5283caf8c8b50e62767b84afb478f47ae7240dd588f026"


def test_the_trial_edition_is_never_official_and_says_why() -> None:
    stack = stack_named("wordpress-trial")
    assert not stack.official
    assert "jamais un poste d’examen" in stack.why_unofficial
    assert [one.npm for one in stack.artifacts] == ["@wp-playground/wordpress-builds@0.9.19"]
    assert stack.versions["wordpress"] == "6.4.5"


def test_every_stack_is_named_after_its_cms_and_its_file() -> None:
    for name, stack in load_stacks().items():
        assert name == stack.id == f"{stack.cms}-{stack.edition}"
        assert stack.official or stack.why_unofficial
        assert all(one.urls or one.npm for one in stack.artifacts)


def test_an_unknown_edition_is_refused_with_those_that_exist() -> None:
    with pytest.raises(
        UnknownName,
        match=r"« wordpress-1999 » n'existe pas.*wordpress-2024, .*wordpress-trial ; .*son nom suit : clairepine",
    ):
        stack_named("wordpress-1999")


def test_a_subject_runs_on_the_official_edition_unless_the_centre_says_otherwise() -> None:
    assert edition_for("wordpress", Settings()).id == "wordpress-2024"
    assert edition_for("wordpress", Settings(editions={"wordpress": "wordpress-trial"})).id == "wordpress-trial"
    with pytest.raises(UnknownName, match="de drupal"):
        edition_for("drupal", Settings())


@pytest.mark.parametrize(("cms", "name"), [("wordpress", "prestashop-2024"), ("wordpres", "wordpress-2024")])
def test_an_edition_of_another_cms_or_of_none_is_refused_whatever_is_asked_for(cms: str, name: str) -> None:
    for asked in ("wordpress", "prestashop"):
        with pytest.raises(ConfigurationError, match=f'« editions » : {cms} = "{name}" ne va pas'):
            edition_for(asked, Settings(editions={cms: name}))


def test_a_stack_with_a_missing_key_is_told_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "cms").mkdir()
    (tmp_path / "cms" / "2030.toml").write_text('id = "cms-2030"\ncms = "cms"\n')
    with pytest.raises(ConfigurationError, match=r"2030\.toml : .*« suite » : cette clé manque"):
        load_stacks(tmp_path)


def test_the_list_has_every_fact_once() -> None:
    facts = [one for line in load_functionalities().values() for one in line.fact_ids()]
    assert len(facts) == len(set(facts)) > 100
    assert {line.cms for line in load_functionalities().values()} == {"wordpress", "prestashop"}


def test_a_fact_that_the_list_does_not_have_is_an_error() -> None:
    assert fact("wordpress.contenu.epingler", "épinglé") == "wordpress.contenu.epingler/épinglé"
    with pytest.raises(KeyError):
        fact("wordpress.contenu.epingler", "collé")
    with pytest.raises(KeyError):
        fact("wordpress.contenu.nope", "épinglé")


def test_a_stand_in_is_declared_whole_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "overrides.toml"
    assert load_overrides(path) == {}
    path.write_text(f'["a.zip"]\nfile = "b.zip"\nsha256 = "{SHA}"\nversion = "2"\nreason = "hors ligne"\n')
    assert load_overrides(path)["a.zip"].file == "b.zip"
    path.write_text(f'["a.zip"]\nfile = "b.zip"\nsha256 = "{SHA[1:]}"\nversion = "2"\nreason = ""\n')
    with pytest.raises(ConfigurationError, match=r"\[a\.zip\] : « sha256 » : .*64 signes"):
        load_overrides(path)


def test_what_windows_wrote_is_read(tmp_path: Path) -> None:
    path = tmp_path / "overrides.toml"
    declared = f'["a.zip"]\nfile = "b.zip"\nsha256 = "{SHA.upper()}"\nversion = "2"\nreason = "hors ligne"\n'
    path.write_text(declared, encoding="utf-8-sig")
    assert load_overrides(path)["a.zip"].sha256 == SHA


@pytest.mark.parametrize(
    "told",
    [
        {"host": "pc-7", "listen": "0.0.0.0", "network": {"domain": "examen.test", "dns_port": 0}},
        {"host": "pc-7", "listen": "192.0.2.1"},
        {"host": "192.0.2.1", "listen": "0.0.0.0"},
        {"listen": "192.0.2.1", "network": {"domain": "examen.test"}},
        {"network": {"domain": "examen.test"}},
        {"host": "192.0.2.1", "listen": "0.0.0.0", "network": {"domain": "examen.test"}},
    ],
)
def test_a_room_where_candidates_find_it_is_taken(told: dict[str, Any]) -> None:
    assert Settings.model_validate(told).places


def test_a_name_is_as_browsers_send_it() -> None:
    assert Settings(host="PC-Salle12").host == "pc-salle12"


@pytest.mark.parametrize("read", [load_settings, load_overrides])
def test_a_file_in_a_folder_that_is_anothers_is_told_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], object]
) -> None:
    def shut(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for looks in ("stat", "exists", "read_text"):
        monkeypatch.setattr(Path, looks, shut)
    with pytest.raises(ConfigurationError, match=r"fichier\.toml"):
        read(tmp_path / "fichier.toml")


def test_a_stand_in_whose_file_cannot_be_one_is_told_with_its_key(tmp_path: Path) -> None:
    path = tmp_path / "overrides.toml"
    path.write_text(f'["a.zip"]\nfile = "b\\u0000.zip"\nsha256 = "{SHA}"\nversion = "2"\nreason = "x"\n')
    with pytest.raises(ConfigurationError, match=r"overrides\.toml, \[a\.zip\] : « file » : .*caractère nul"):
        load_overrides(path)


def test_every_setting_says_what_it_means() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_the_program_finds_its_own_folders() -> None:
    assert all((ROOT / name).is_dir() for name in ("stacks", "checks", "scenarios"))
