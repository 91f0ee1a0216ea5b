"""A subject that is wrong is told with its file, the line, and what to do."""

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from checks.prestashop.reading import product_verdicts as judged
from checks.prestashop.reading.seeded import names
from provisioner.core.errors import ConfigurationError, ProvisionerError, UnknownName
from provisioner.host.companies import SCENARIOS
from provisioner.host.paths import ROOT
from provisioner.subject.check import Verdict
from provisioner.subject.functionalities import load_criteria
from provisioner.subject.references import unknown_references
from provisioner.subject.subjects import checks_of, examples_for, load_subject, proving_checks, subject_ids
from tests.unit.samples import COMPANY

QUESTION = """
[[question]]
text = \"\"\"
Réglez la page des articles.
title = "ceci est du texte"
\"\"\"
criterion = "Optimisation du référencement"

  [[question.check]]
  use = "wordpress.navigation.reading_settings"
  posts_per_page = 15
  skill = "Régler"
"""
HEAD = '# Un sujet.\nid = "wordpress-z"\ncms = "wordpress"\ntitle = "Essai"\ncontext = "biscuiterie"\n'
VALID = HEAD + QUESTION * 5

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "subject.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def refused(path: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load_subject(str(path))
    return str(caught.value)


def line_of(text: str, wanted: str, nth: int = 1) -> int:
    """The number of the nth line that begins so."""
    return [i for i, line in enumerate(text.splitlines(), 1) if line.strip().startswith(wanted)][nth - 1]


def in_question(number: int, old: str, new: str) -> str:
    """The valid subject with one question changed."""
    parts = [QUESTION] * 5
    assert old in QUESTION
    parts[number - 1] = QUESTION.replace(old, new)
    return HEAD + "".join(parts)


def test_a_valid_subject_is_loaded_whole_by_its_file_or_its_folder(write: Write) -> None:
    subject = load_subject(str(write(VALID)))
    assert [question.number for question in subject.questions] == [1, 2, 3, 4, 5]
    (wanted,) = subject.questions[4].wanted
    assert (type(wanted.check).id, wanted.skill) == ("wordpress.navigation.reading_settings", "Régler")
    assert subject == load_subject(str(subject.folder))


def test_every_subject_of_the_scenarios_is_valid() -> None:
    assert "wordpress-a" in subject_ids()
    for name in subject_ids():
        assert load_subject(name).id == name


def test_an_unknown_subject_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownName, match=r"« wordpress-q » n'existe pas.*wordpress-a"):
        load_subject("wordpress-q")


def test_a_misspelt_check_is_told_with_its_line_a_hint_and_the_checks_that_exist(write: Write) -> None:
    text = in_question(3, "reading_settings", "reading_setings")
    path = write(text)
    message = refused(path)
    assert message.startswith(f"{path}, ligne {line_of(text, 'use =', 3)} : le contrôle")
    assert "Vouliez-vous dire « wordpress.navigation.reading_settings » ?" in message
    assert all(name in message for name in checks_of("wordpress"))


def test_a_check_like_no_other_gets_no_hint(write: Write) -> None:
    message = refused(write(in_question(1, "wordpress.navigation.reading_settings", "zzz")))
    assert "« zzz » n'existe pas" in message
    assert "Vouliez-vous dire" not in message


def test_a_check_without_its_name_is_told_where_it_begins(write: Write) -> None:
    text = in_question(2, '  use = "wordpress.navigation.reading_settings"\n', "")
    path = write(text)
    assert refused(path).startswith(
        f"{path}, ligne {line_of(text, '[[question.check]]', 2)} : « use » : cette clé manque."
    )


def test_a_wrong_type_is_told_with_the_line_of_its_key_and_what_was_wanted(write: Write) -> None:
    text = in_question(5, "= 15", '= "quinze"')
    path = write(text)
    assert refused(path) == (
        f"{path}, ligne {line_of(text, 'posts_per_page', 5)} : wordpress.navigation.reading_settings, "
        "« posts_per_page » : il faut un nombre entier, pas 'quinze'."
    )


@pytest.mark.parametrize("price", ['"12.90"', "true", '"douze"'])
def test_a_price_is_a_number_and_no_text(tmp_path: Path, price: str) -> None:
    shutil.copytree(subject_ids()["prestashop-a"].parent, tmp_path / "prestashop-a")
    path = tmp_path / "prestashop-a" / "subject.toml"
    text = path.read_text(encoding="utf-8")
    assert "price = 12.90" in text
    path.write_text(text.replace("price = 12.90", f"price = {price}"), encoding="utf-8")
    assert "« price » : il faut un nombre, pas " in refused(path)


def test_an_unknown_key_is_told_with_its_line_and_the_keys_that_exist(write: Write) -> None:
    text = in_question(4, "posts_per_page", "post_per_page")
    path = write(text)
    message = refused(path)
    assert f"{path}, ligne {line_of(text, 'post_per_page')} :" in message
    assert (
        "« post_per_page » : cette clé n'existe pas (clés connues : posts_per_page, feed_excerpt, list_excerpt, blog)"
        in message
    )


def test_values_that_ask_for_nothing_are_told_where_the_check_begins(write: Write) -> None:
    text = in_question(2, "  posts_per_page = 15\n", "")
    path = write(text)
    assert refused(path) == (
        f"{path}, ligne {line_of(text, '[[question.check]]', 2)} : wordpress.navigation.reading_settings : "
        "posts_per_page, feed_excerpt ou list_excerpt doit être demandé."
    )


@pytest.mark.parametrize("count", [4, 6])
def test_a_subject_has_five_questions_neither_fewer_nor_more(write: Write, count: int) -> None:
    path = write(HEAD + QUESTION * count)
    assert refused(path) == (
        f"{path} : un sujet a 5 questions, celui-ci en a {count}. Ajoutez ou retirez des tables [[question]]."
    )


@pytest.mark.parametrize("name", ["/etc/passwd", "../subject.toml", "lien", "a\\u0000b"])
def test_an_annexe_that_is_not_the_subjects_own_is_refused(write: Write, name: str) -> None:
    text = in_question(2, "criterion", f'annexes = ["{name}"]\ncriterion')
    path = write(text)
    (path.parent / "lien").symlink_to("/etc/passwd")
    message = refused(path)
    assert message.startswith(f"{path}, ligne {line_of(text, 'annexes')} : l'annexe « ")
    assert message.endswith(f"est hors du dossier du sujet. Mettez-la dans {path.parent}, et corrigez son nom.")


def test_an_annexe_may_lie_in_a_folder_of_the_subjects(write: Write) -> None:
    path = write(in_question(2, "criterion", 'annexes = ["annexes/logo.png"]\ncriterion'))
    (path.parent / "annexes").mkdir()
    (path.parent / "annexes/logo.png").write_text("")
    assert load_subject(str(path)).questions[1].annexes == ("annexes/logo.png",)


def test_a_missing_annexe_is_told_with_the_line_of_its_question_and_where_to_put_it(write: Write) -> None:
    text = in_question(2, "criterion", 'annexes = ["annexe-1.md"]\ncriterion')
    path = write(text)
    assert refused(path) == (
        f"{path}, ligne {line_of(text, 'annexes')} : l'annexe « annexe-1.md » manque. "
        f"Mettez-la dans {path.parent}, ou corrigez son nom."
    )
    (path.parent / "annexe-1.md").write_text("")
    assert load_subject(str(path)).questions[1].annexes == ("annexe-1.md",)


def test_malformed_toml_is_told_with_its_line(write: Write) -> None:
    text = in_question(1, "posts_per_page = 15", "posts_per_page 15")
    path = write(text)
    message = refused(path)
    assert message.startswith(f"{path}, ligne {line_of(text, 'posts_per_page 15')}, colonne ")
    assert "Vérifiez-y" in message


def test_an_unknown_cms_is_told_with_its_line_and_those_that_exist(write: Write) -> None:
    path = write(VALID.replace('cms = "wordpress"', 'cms = "drupal"'))
    message = refused(path)
    assert message.startswith(f"{path}, ligne 3 : « drupal » n'est pas un CMS connu (")
    assert "wordpress" in message


@pytest.mark.parametrize("wrong", ["prestashop-a", "wordpress-10", "wordpress", "WordPress-a"])
def test_a_wrong_id_is_told_with_its_line_and_an_example(write: Write, wrong: str) -> None:
    path = write(VALID.replace("wordpress-z", wrong))
    assert refused(path) == (
        f"{path}, ligne 2 : l'identifiant d'un sujet est son CMS et une lettre ou un mot, sans accent ni majuscule, par exemple "
        "wordpress-a ou wordpress-noel."
    )


def test_a_subject_of_the_scenarios_has_the_id_of_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = tmp_path / "biscuiterie" / "subjects" / "wordpress-y" / "subject.toml"
    path.parent.mkdir(parents=True)
    path.write_text(VALID, encoding="utf-8")
    monkeypatch.setattr("provisioner.subject.subjects.SCENARIOS", tmp_path)
    with pytest.raises(ConfigurationError, match=r"ligne 2 : .*dossier wordpress-y\. Donnez au dossier le nom"):
        load_subject("wordpress-y")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('title = "Essai"\n', "", 1, "« title » : cette clé manque"),
        ('title = "Essai"', 'titre = "Essai"', 4, "« titre » : cette clé n'existe pas (vouliez-vous dire « title » ?)"),
        ('context = "biscuiterie"', "context = 3", 5, "« context » : il faut un texte entre guillemets, pas 3"),
    ],
)
def test_a_mistake_at_the_top_is_never_told_of_a_question(
    write: Write, old: str, new: str, line: int, says: str
) -> None:
    path = write(VALID.replace(old, new))
    assert f"{path}, ligne {line} : {says}." in refused(path)


def test_a_question_without_a_check_is_told_with_its_line(write: Write) -> None:
    text = HEAD + QUESTION * 4 + QUESTION.split("  [[question.check]]")[0]
    path = write(text)
    assert refused(path) == f"{path}, ligne {line_of(text, '[[question]]', 5)} : « question.check » : cette clé manque."


def test_a_question_without_text_is_told_in_french(write: Write) -> None:
    text = HEAD + QUESTION * 4 + '\n[[question]]\ntext = ""\ncriterion = ""\n[[question.check]]\nuse = "x"\n'
    path = write(text)
    message = refused(path)
    assert f"ligne {line_of(text, 'text =', 5)} : « question.text »" in message
    assert "il faut un texte d'au moins 1 caractère(s)" in message


def test_a_question_with_an_empty_list_of_checks_is_told_in_french(write: Write) -> None:
    assert "il faut une liste d'au moins 1 élément(s), pas 0" in refused(
        write(HEAD + '\n[[question]]\ntext = "x"\ncriterion = "y"\ncheck = []\n')
    )


NAMING = {
    "context": ('context = "biscuiterie"', 'context = "boulangerie"', "Contextes connus : biscuiterie, clairepine."),
    "media": ('media = "atelier"', 'media = "atelir"', "Vouliez-vous dire « atelier » ?"),
    "page": ('page = "nos-produits"', 'page = "nos-produit"', "Vouliez-vous dire « nos-produits » ?"),
    "category": ('category = "recettes"', 'category = "entrees"', "« tree.children.category » : « entrees » n'est pas"),
    "post": ('post = "salon-saveurs-de-bretagne"', 'post = "qqqqq"', "Il y a : "),
    "author": ('author = "maelle.kervoas"', 'author = "maelle"', "Vouliez-vous dire « maelle.kervoas » ?"),
    "comment": ('author = "Solène Guivarc’h"', 'author = "Soline"', "Vouliez-vous dire « Solène Guivarc’h » ?"),
    "link": ('links = ["/nos-boutiques/"]', 'links = ["/nos-boutique/"]', "Vouliez-vous dire « nos-boutiques » ?"),
}


@pytest.mark.parametrize(("right", "wrong", "says"), NAMING.values(), ids=NAMING)
def test_a_name_that_the_company_does_not_have_is_told_with_its_line(
    tmp_path: Path, right: str, wrong: str, says: str
) -> None:
    folder = tmp_path / "wordpress-a"
    shutil.copytree(subject_ids()["wordpress-a"].parent, folder)
    path = folder / "subject.toml"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    told = refused(path)
    number = next(i for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if wrong in line)
    assert f"{path}, ligne " in told
    if "tree" not in told:  # of a list over several lines, the first is told
        assert f"ligne {number} " in told
    assert says in told


def strangers(cms: str, use: str, tmp_path: Path, made: Sequence[str] = (), **values: Any) -> list[str]:
    """The names that a check with these values doesn't find in the company, with a file of the subject's own."""
    (tmp_path / "Four neuf.jpg").write_bytes(b"")
    seed = SCENARIOS / "biscuiterie" / cms / "seed.toml"
    check = checks_of(cms)[use].model_validate_json(json.dumps(values), strict=True)
    return [one.name for one in unknown_references(check, seed, tmp_path, made)]


@pytest.mark.parametrize(
    ("customer", "known"),
    [
        ("ines.moreau@courriel.test", True),
        ("Ines.Moreau@courriel.test", True),
        ("inesmoreau@courriel.test", False),
        ("inès.moreau@courriel.test", False),
        ("ines-moreau@courriel.test", False),
        ("ines.moreau@courriel.test.", False),
    ],
)
def test_an_address_of_a_customer_is_known_to_the_letter(tmp_path: Path, customer: str, known: bool) -> None:
    found = strangers("prestashop", "prestashop.contenu.customer", tmp_path, customer=customer, first_name="Zoé")
    assert (found == []) is known


def test_an_employee_who_is_not_new_is_the_companys(tmp_path: Path) -> None:
    use = "prestashop.utilisateurs.employee"
    values: dict[str, Any] = {"email": "malo.querre@biscuiterie.examen.test", "profile": "Logisticien"}
    assert strangers("prestashop", use, tmp_path, **values) == [values["email"]]
    assert strangers("prestashop", use, tmp_path, (values["email"],), **values) == []


@pytest.mark.parametrize(
    ("picture", "known"),
    [
        ("palets.jpg", True),
        ("Four neuf.jpg", True),
        ("Palets.jpg", False),
        ("palets", False),
        ("palets.png", False),
        ("four-neuf.jpg", True),  # one of the company's own
        ("Four neuf", False),
    ],
)
def test_a_file_is_known_to_the_letter_with_its_ending(tmp_path: Path, picture: str, known: bool) -> None:
    use = "prestashop.image.pictures"
    found = strangers("prestashop", use, tmp_path, product="Sablé nature", cover=picture)
    assert (found == []) is known


@pytest.mark.parametrize(
    ("file", "media"),
    [
        ("atelier.jpg", True),
        ("Four neuf.jpg", True),
        ("atelier", False),
        ("Atelier.jpg", False),
        ("atelier.webp", False),
    ],
)
def test_a_file_to_bring_in_has_its_ending(tmp_path: Path, file: str, media: bool) -> None:
    assert (strangers("wordpress", "wordpress.image-et-video.library_file", tmp_path, file=file) == []) is media


@pytest.mark.parametrize("media", ["atelier", "atelier.jpg", "Four neuf", "four-neuf", "Four neuf.jpg"])
def test_a_medium_is_known_by_its_identifier_or_its_file_without_ending(tmp_path: Path, media: str) -> None:
    use = "wordpress.contenu.medium"
    assert strangers("wordpress", use, tmp_path, content="contact", media=media) == []
    assert strangers("wordpress", use, tmp_path, content="contact", media=f"{media}x") == [f"{media}x"]


@pytest.mark.parametrize(
    ("carrier", "known"),
    [
        ("Mer et Colis Relais", True),
        ("mer et colis RELAIS", True),
        ("Mer-et-Colis Relais", False),
        ("MeretColisRelais", False),
    ],
)
def test_a_carrier_is_known_as_the_check_knows_it(tmp_path: Path, carrier: str, known: bool) -> None:
    use = "prestashop.contenu.product_sheet"
    assert (strangers("prestashop", use, tmp_path, name="Boîte phare", carriers=[carrier]) == []) is known
    seen = judged.exactly([carrier], ["Mer et Colis Relais"], "Transporteurs", "tous", names(COMPANY, "carriers"))
    assert (seen[0] is Verdict.MET) is known


def test_a_carrier_whose_prices_are_asked_is_the_companys_unless_it_is_new(tmp_path: Path) -> None:
    for exists, name, unknown_names in (
        (True, "Mer et Colis Relai", ["Mer et Colis Relai"]),
        (True, "Mer et Colis Relais", []),
        (False, "Colis Armor", []),
    ):
        check = {"name": name, "exists": exists, "zones": ["Europe"], "free": True}
        made = checks_of("prestashop")["prestashop.contenu.carrier"].model_validate_json(json.dumps(check)).makes()
        assert strangers("prestashop", "prestashop.contenu.carrier", tmp_path, made, **check) == unknown_names


def test_what_the_work_brings_has_a_name_and_the_identifier_that_comes_of_it(tmp_path: Path) -> None:
    made = ("Portes ouvertes à l’atelier",)
    for content in ("Portes ouvertes a l'atelier", "portes-ouvertes-a-latelier"):
        assert strangers("wordpress", "wordpress.contenu.medium", tmp_path, made, content=content, media="phare") == []
    wrong = "portes-ouvertes-a-l-atelier"
    found = strangers("wordpress", "wordpress.contenu.medium", tmp_path, made, content=wrong, media="phare")
    assert found == [wrong]


def test_a_customer_or_a_group_that_a_question_makes_may_be_named_in_it() -> None:
    for use, values, made in (
        ("customer", {"email": "z@b.test", "first_name": "Zoé", "last_name": "Riou"}, "z@b.test"),
        ("customer_group", {"name": "Hôtels"}, "Hôtels"),
    ):
        check = checks_of("prestashop")[f"prestashop.contenu.{use}"]
        assert list(check.model_validate(values).makes()) == [made]


def test_what_another_check_of_the_question_makes_or_lies_beside_the_subject_may_be_named(tmp_path: Path) -> None:
    folder = tmp_path / "wordpress-a"
    shutil.copytree(subject_ids()["wordpress-a"].parent, folder)
    path = folder / "subject.toml"
    (folder / "four-neuf.jpg").write_bytes(b"")
    text = path.read_text(encoding="utf-8").replace('media = "atelier"', 'media = "four-neuf"')
    author = '\n  [[question.check]]\n  use = "wordpress.utilisateurs.author"\n  author = "yann.lestrade"\n  slug = '
    skill = '  skill = "Structurer et publier le contenu"\n'
    path.write_text(text.replace(skill, skill + author + '"portes-ouvertes-a-latelier"\n'), encoding="utf-8")
    assert len(load_subject(str(path)).questions[0].wanted) == 2
    path.write_text(text.replace(skill, skill + author + '"portes-fermees"\n'), encoding="utf-8")
    assert "« portes-fermees » n'est pas dans le contexte" in refused(path)


def test_every_mistake_is_told_one_a_line(write: Write) -> None:
    text = in_question(1, "= 15", '= "x"').replace("wordpress-z", "autre-z") + QUESTION
    assert [("ligne" in told, "questions" in told) for told in refused(write(text)).splitlines()] == [
        (False, True),
        (True, False),
        (True, False),
    ]


def test_a_line_of_the_list_is_proven_by_the_examples_of_its_checks() -> None:
    found = {type(check).id for check in examples_for(["wordpress.navigation.reglages"])}
    assert "wordpress.navigation.reading_settings" in found
    assert "wordpress.menu.menu_tree" not in found


def test_an_unknown_line_of_the_list_is_refused_with_where_to_look() -> None:
    with pytest.raises(ProvisionerError, match="« e5b functions »"):
        examples_for(["wordpress.navigation.nope"])


def test_the_checks_that_prove_a_fact_are_found_by_it() -> None:
    assert (
        "wordpress.navigation.reading_settings" in (proving_checks()["wordpress.navigation.reglages/articles par page"])
    )


@pytest.mark.parametrize("cms", sorted(load_criteria()))
def test_the_criteria_that_a_question_may_name_are_those_of_the_authors_guide(cms: str) -> None:
    guide = " ".join((ROOT / "checks" / cms / "auteur.md").read_text(encoding="utf-8").split())
    listed = ", ".join(f"« {criterion} »" for criterion in load_criteria()[cms])
    assert f"- Critères : {listed}." in guide
