"""What of a page is taken for the site's own, and what is withheld, without a browser."""

import time

import pytest

from provisioner.examination.additions import Additions, KnownScripts, StoredProgram
from provisioner.examination.withheld import Withholding

ADDRESS = "http://poste-01.test"
#: As much as a page may be long, and a content.
LONG = 400_000


def withholding(text: str = "", *files: str) -> Withholding:
    stored = (StoredProgram("wp_posts, n° 12", "Portes ouvertes", text),) if text else ()
    return Withholding(Additions(page_files=files, stored=stored), ADDRESS)


@pytest.mark.parametrize(
    "path",
    [
        "/wp-content/uploads/a.js",
        "/wp-content//uploads/a.js",
        "//wp-content/uploads/a.js",
        "/wp-content/./uploads/a.js",
        "/wp-content/themes/../uploads/a.js",
        "/wp-content/%2E/uploads/%61.js?ver=1",
    ],
)
def test_a_file_is_the_one_that_the_server_gives_whatever_its_address_is(path: str) -> None:
    withheld = withholding("", "wp-content/uploads/a.js")
    assert not withheld.is_program(ADDRESS + path)
    assert withheld.policy(f"{ADDRESS}/x/", f"<script src='{ADDRESS}{path}'></script>")[1]
    assert withheld.is_program(f"{ADDRESS}/wp-includes//js/a.js")
    assert withheld.is_program(f"{ADDRESS}/wp-admin/load-scripts.php?load=a")


def test_a_page_of_a_file_is_known_whatever_its_address_is() -> None:
    assert withholding("", "img/a.html").policy(f"{ADDRESS}/img//a.html", "")[0] == "script-src 'none'"


def test_the_scripts_of_a_page_are_told_apart() -> None:
    withheld = withholding("<script>ajoute()</script>")
    own = (
        "<script>sien()</script>",
        "<SCRIPT\ntype=module>a = '<p>'</SCRIPT ><script src=/b.js></script><script>sans fin",
    )
    assert not withheld.policy(ADDRESS, "".join(own))[1]
    assert withheld.policy(ADDRESS, f"{own[0]}<script>ajoute()</script>{own[1]}")[1]


def test_a_handler_of_a_long_name_is_one() -> None:
    added = "<p oncontentvisibilityautostatechange=ajoute()>"
    assert withholding(added).policy(ADDRESS, added)[1]


@pytest.mark.parametrize("piece", ["<script>", "<script ", "<script src=", "< script", " onload=", ' onload="', "<"])
def test_a_long_page_is_read_at_once(piece: str) -> None:
    page = piece * (LONG // len(piece))
    withheld, began = withholding("<script>a()</script>"), time.monotonic()
    withheld.policy(ADDRESS, page)
    KnownScripts(Additions(stored=(StoredProgram("t", "", page),)))
    assert time.monotonic() - began < 5
