"""Every fact that is decided has near misses enough, in the examples, in the subjects, and where little is asked."""

import re
from collections.abc import Iterator

import pytest

from checks.wordpress.blocs import Blocks
from checks.wordpress.contenu import PublishedContent
from checks.wordpress.en_tete import HeaderContent
from checks.wordpress.galeries import Gallery
from checks.wordpress.image_et_video import AdjustedImage
from checks.wordpress.menu import MenuTree
from checks.wordpress.reading.block_verdicts import BlockWanted
from checks.wordpress.reading.menu_tree import MenuItem
from checks.wordpress.referencement import Keywords
from checks.wordpress.yoast import YoastSeo
from provisioner.core.model import judged_by_a_person
from provisioner.subject.check import Check
from provisioner.subject.subjects import checks_of, load_subject, subject_ids

#: After these, what is asked about is as it was at the start.
UNTOUCHED = re.compile(
    "sans mettre à jour|non publiée|enregistrement oublié|dans un autre contenu"
    "|sans enregistrer|non enregistrée?|non validé|non créée|abandonné"
)

LITTLE: tuple[Check, ...] = (
    YoastSeo(content="contact", keyphrase="biscuits bretons", description=("biscuits",)),
    YoastSeo(content="contact", description=("biscuits",)),
    PublishedContent(title="T", max_words=80),
    PublishedContent(title="T", kind="page", elements=("halle du port",)),
    Gallery(content="nos-produits", existing=True, removed=("sachets-papier",)),
    AdjustedImage(content="nos-boutiques", media="boutique-quimper", width=150),
    AdjustedImage(content="nos-boutiques", media="boutique-quimper", size="thumbnail"),
    HeaderContent(photo="bandeau-port"),
    Keywords(content="contact", in_text=("cidre",)),
    Keywords(content="contact", in_title=("cidre",)),
    Blocks(content="contact", blocks=(BlockWanted(block="bouton", text="Nous écrire"),)),
    MenuTree(menu="Menu court", created=True, tree=(MenuItem(title="Contact", page="contact", added=True),)),
)


def asked() -> Iterator[Check]:
    yield from LITTLE
    for cms in ("wordpress", "prestashop"):
        for check in checks_of(cms).values():
            yield from check.examples()
    for subject in map(load_subject, subject_ids()):
        yield from (wanted.check for question in subject.questions for wanted in question.wanted)


def test_a_button_that_may_lead_anywhere_has_no_wrong_address() -> None:
    names = {
        miss.name for miss in Blocks(content="c", blocks=(BlockWanted(block="bouton", text="Lire"),)).near_misses()
    }
    assert not names & {"bouton : sans lien", "bouton : vers une autre page"}


@pytest.mark.parametrize("check", list(asked()), ids=lambda check: str(check.id))
def test_each_fact_has_two_near_misses_of_which_one_changes_something(check: Check) -> None:
    misses = check.near_misses()
    for fact in check.facts():
        if not judged_by_a_person(fact):
            names = [miss.name for miss in misses if miss.fact == fact]
            assert len(names) >= 2, fact
            assert [name for name in names if not UNTOUCHED.search(name)], fact
