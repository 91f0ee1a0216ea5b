"""What is an added program, and what a site and honest work bring along."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from provisioner.core.errors import EngineError, EngineUnavailable
from provisioner.core.model import Conformity, Station
from provisioner.engine import layers
from provisioner.engine.protocol import Output
from provisioner.examination import additions
from provisioner.examination.additions import Additions, KnownScripts, StoredProgram, read_additions, sorted_files
from provisioner.host.settings import Settings
from provisioner.network.room import Room
from provisioner.station.centre import Centre
from provisioner.station.copies import Copy
from tests.unit.fake_engine import FakeEngine

ROOT = "/var/www/html/"


@pytest.mark.parametrize(
    ("stack", "path"),
    [
        ("wordpress-2024", "wp-content/uploads/2026/05/logo-150x150.png"),
        ("wordpress-2024", "wp-content/uploads/2026/05/tarifs.PDF"),
        ("prestashop-2024", "var/cache/prod/smarty/compile/ab/view.tpl.php"),
        ("prestashop-2024", "var/cache/prod/class_index.php"),
        ("prestashop-2024", "mails/fr/lang.php"),
        ("prestashop-2024", "translations/cldr/main--fr-FR--numbers"),
        ("prestashop-2024", "img/tmp/product_mini_14.jpg"),
        ("prestashop-2024", "img/tmp/fileType"),
        ("prestashop-2024", "img/p/4/5/index.php"),
        ("prestashop-2024", "modules/productcomments/config_fr.xml"),
        ("prestashop-2024", "modules/ps_imageslider/images/fileType"),
        ("prestashop-2024", "themes/classic/assets/cache/theme-4.js"),
    ],
)
def test_what_a_site_writes_while_it_is_used_is_no_addition(stack: str, path: str) -> None:
    assert sorted_files(stack, [ROOT + path]) == ((), ())


@pytest.mark.parametrize(
    ("stack", "path"),
    [
        ("wordpress-2024", "wp-content/mu-plugins/a.php"),
        ("wordpress-2024", "wp-content/themes/astra/functions.php"),
        ("wordpress-2024", "wp-content/plugins/inconnue/inconnue.PHP"),
        ("wordpress-2024", "wp-includes/js/jquery/jquery.min.js"),
        ("wordpress-2024", ".htaccess"),
        ("wordpress-2024", ".user.ini"),
        ("wordpress-2024", "wp-content/languages/fr_FR.php"),
        ("wordpress-2024", "wp-content/upgrade/a.php"),
        ("wordpress-2024", "wp-content/cache/a.phtml"),
        ("prestashop-2024", "translations/fr/fields.php"),
        ("prestashop-2024", "app/Resources/translations/fr-FR/a.php"),
        ("prestashop-2024", "mails/fr/a.php"),
        ("prestashop-2024", "themes/classic/assets/cache/a.PHP"),
        ("prestashop-2024", "cache/a.phtml"),
        ("prestashop-2024", "log/a\nb.php"),
        ("prestashop-2024", "config/themes/a.phar"),
        ("prestashop-2024", "override/classes/Product.php"),
        ("prestashop-2024", "modules/zz/views/zz.tpl"),
        ("prestashop-2024", "themes/classic/templates/index.tpl"),
    ],
)
def test_a_file_that_a_site_runs_is_one(stack: str, path: str) -> None:
    assert sorted_files(stack, [ROOT + path]) == ((path,), ())


def test_a_file_of_the_system_is_one_by_its_whole_path() -> None:
    assert sorted_files("wordpress-2024", ["/etc/php/8.2/fpm/conf.d/zz.ini"]) == (
        ("/etc/php/8.2/fpm/conf.d/zz.ini",),
        (),
    )


@pytest.mark.parametrize("name", ["a.js", "page.html", "dessin.svg", "a.php"])
def test_a_file_that_was_sent_to_the_site_runs_where_a_page_loads_it(name: str) -> None:
    for stack, folder in (("wordpress-2024", "wp-content/uploads/2026/05/"), ("prestashop-2024", "img/cms/")):
        assert sorted_files(stack, [ROOT + folder + name]) == ((), (folder + name,))


def known(*texts: str) -> KnownScripts:
    return KnownScripts(Additions(stored=tuple(StoredProgram("t, n° 1", "", text) for text in texts)))


def test_a_script_of_a_page_is_known_by_what_the_site_stores() -> None:
    stored = known("<p>La Biscuiterie du Ponant</p><script>\nif (navigator.webdriver) {\n  montre();\n}\n</script>")
    assert stored.added("if (navigator.webdriver) {\n  montre();\n}")
    assert stored.added("if (navigator.webdriver) {<br />\n  montre();<br />\n}")
    assert stored.added("x(); if (navigator.webdriver) { montre(); } y()")
    assert not stored.added('var shop = {"text": "La Biscuiterie du Ponant", "id": 12};')
    assert known('<img onerror="a&quot;b()">\n<img onerror="a"b()">').added('a"b()')


def test_where_additions_are_not_known_every_script_may_be_one() -> None:
    assert KnownScripts(Additions()).added("var a = 1;")
    assert not KnownScripts(Additions(page_files=("img/a.js",))).added("var a = 1;")
    assert known(*["<script>b()</script>"] * 60).added("var a = 1;")


class Inside(FakeEngine):
    """A copy in which `find` finds a file more than in its golden image, and PHP prints `printed`."""

    def __init__(self, printed: bytes, found: bytes = b"") -> None:
        super().__init__()
        self.printed, self.found = printed, found
        self.digests: dict[bytes, bytes] = {}
        self.said = b"find: '/var/www/html/a': Permission denied\nfind: '/b': No such file or directory\n"
        self.error: Exception | None = None
        self.rules = Output(1, b"", b"")
        self.rules_read = 0
        self.golden_rules = Output(0, b"Options -Indexes\n", b"")
        self.programs = Output(0, b"", b"")

    def run(self, container: str, command: Sequence[str], *, stdin: bytes = b"", **_: object) -> Output:
        if "sh" in command:
            self.rules_read += 1
            return self.rules if container == "copie" else self.golden_rules
        if "mariadb" in command:
            return self.programs
        if "sha256sum" not in command:
            return Output(0, self.printed, b"")
        ours = container == "copie"
        rows = (b"%s  %s" % (self.digests.get(path, b"a") if ours else b"a", path) for path in stdin.split(b"\0"))
        return Output(0, b"\0".join(rows), b"")

    def read(
        self, container: str, command: Sequence[str], sink: Callable[[bytes], object], *, seconds: float = 900
    ) -> Output:
        if self.error:
            raise self.error
        sink(self.found)
        return Output(1, b"", self.said)


@pytest.fixture
def copy_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[Inside], Copy]:
    monkeypatch.setattr(layers, "marks_of", lambda *_: {b"/var/www/html/index.php": b"f 1 2.0"})

    def made(engine: Inside) -> Copy:
        nothing = cast(Any, None)
        centre = Centre(engine, Settings(), nothing, Room("r", "h", "127.0.0.1", 8101, 2))
        at = datetime(2026, 6, 1, tzinfo=UTC)
        station = Station("poste-01", 1, "r", "wordpress-2024", "x-a", "", "", "", "golden", Conformity(), at, {})
        return Copy(centre, station, "copie", at)

    return made


FOUND = b"/var/www/html/index.php\tf 1 2.0\0/var/www/html/wp-content/mu-plugins/a.php\tf 9 9.0\0"


def test_files_and_contents_are_read_in_the_copy(copy_with: Callable[[Inside], Copy]) -> None:
    printed = b'[{"place": "wp_posts, n\\u00b0 12", "name": "Portes ouvertes", "text": "<script>a()</script>"}]'
    seen = read_additions(copy_with(Inside(printed, FOUND)))
    assert seen.files == ("wp-content/mu-plugins/a.php",)
    assert seen.stored == (StoredProgram("wp_posts, n° 12", "Portes ouvertes", "<script>a()</script>"),)
    assert (seen.unread, seen.in_pages) == ("", True)
    assert seen.document()["files_count"] == 1


def test_programs_of_the_database_are_named(copy_with: Callable[[Inside], Copy]) -> None:
    engine = Inside(b"[]")
    engine.programs = Output(0, b"vue wp_posts\nroutine a\\nb\n", b"")
    seen = read_additions(copy_with(engine))
    assert (seen.in_database, seen.stored, seen.unread) == (("vue wp_posts", "routine a\\nb"), (), "")
    assert seen.document()["in_database_count"] == 2
    engine.programs = Output(1, b"", b"Can't connect")
    assert "Can't connect" in read_additions(copy_with(engine)).unread


def test_an_untouched_site_has_none(copy_with: Callable[[Inside], Copy]) -> None:
    assert not read_additions(copy_with(Inside(b"[]", FOUND.split(b"\0")[0] + b"\0")))


def test_a_file_that_was_written_anew_is_another_only_where_its_content_is(
    copy_with: Callable[[Inside], Copy],
) -> None:
    engine = Inside(b"[]", b"/var/www/html/index.php\tf 9 9.0\0")
    assert not read_additions(copy_with(engine))
    engine.digests = {b"/var/www/html/index.php": b"b"}
    assert read_additions(copy_with(engine)).files == ("index.php",)


REWRITTEN = """# BEGIN WordPress
# Les directives (lignes) entre « BEGIN WordPress » et « END WordPress » sont générées
<IfModule mod_rewrite.c>
RewriteEngine On
RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]
RewriteBase /
RewriteRule ^index\\.php$ - [L]
RewriteCond %{REQUEST_FILENAME} !-f
RewriteCond %{REQUEST_FILENAME} !-d
RewriteRule . /index.php [L]
</IfModule>

# END WordPress"""


@pytest.mark.parametrize(
    ("rules", "own"),
    [
        (REWRITTEN, True),
        (REWRITTEN.replace("\n", "\r\n"), True),
        ("\n# BEGIN WordPress\n# générées dynamiquement\n# END WordPress\n", True),
        (REWRITTEN + "\n  Options -Indexes", True),
        (REWRITTEN + "\nphp_value auto_prepend_file a.txt\n", False),
        (REWRITTEN.replace("RewriteRule . /index.php", "RewriteRule . /wp-content/uploads/a.php"), False),
        ("# a \\\n" + REWRITTEN, False),
        ("#" * 70_000, False),
    ],
)
def test_the_rules_that_wordpress_writes_anew_are_its_own(
    copy_with: Callable[[Inside], Copy], rules: str, own: bool
) -> None:
    engine = Inside(b"[]", b"/var/www/html/.htaccess\tf 9 9.0\0")
    engine.rules = Output(0, rules.encode(), b"")
    assert read_additions(copy_with(engine)).files == (() if own else (".htaccess",))
    assert engine.rules_read <= 2
    engine.rules = Output(1, b"", b"")
    assert read_additions(copy_with(engine)).files == (".htaccess",)


@pytest.mark.parametrize(
    ("rules", "own"),
    [
        ("RewriteCond %{HTTP_HOST} ^poste-01.example:8101$\nOptions -Indexes\n  FileETag none", True),
        ("#Domain: poste-01.example\nOptions -Multiviews", True),
        ("RewriteCond %{HTTP_HOST} ^a.example$", False),
        ('SetEnv PHP_VALUE "auto_prepend_file=/var/www/html/img/p/index.php"', False),
    ],
)
def test_the_rules_that_a_shop_writes_anew_are_its_own(
    copy_with: Callable[[Inside], Copy], rules: str, own: bool
) -> None:
    engine = Inside(b"[]", b"/var/www/html/.htaccess\tf 9 9.0\0")
    engine.rules = Output(0, rules.encode(), b"")
    copy = copy_with(engine)
    station = replace(copy.station, stack="prestashop-2024", address="http://poste-01.example:8101")
    assert read_additions(replace(copy, station=station)).files == (() if own else (".htaccess",))


def test_a_copy_that_hides_them_says_so_in_its_place(copy_with: Callable[[Inside], Copy]) -> None:
    engine = Inside(b"[]")
    engine.error = EngineError("la commande ne finit pas")
    assert "ne finit pas" in read_additions(copy_with(engine)).unread
    engine.error, engine.said = None, b"find: cannot fork\n"
    assert "cannot fork" in read_additions(copy_with(engine)).unread
    engine.error = EngineUnavailable("Docker ne répond pas")
    with pytest.raises(EngineUnavailable):
        read_additions(copy_with(engine))


READER = Path(additions.__file__).with_name("stored_programs.php").read_text(encoding="utf-8")
PHP = shutil.which("php")


def asked(function: str, *values: object) -> list[bool]:
    """What a function of the reader of what a site stores says of each of these values."""
    functions, _, _ = READER.partition("mysqli_report(")
    program = f"{functions}\necho json_encode(array_map('{function}', json_decode(stream_get_contents(STDIN), true)));"
    done = subprocess.run(
        [str(PHP), "-n", "-r", program.removeprefix("<?php")],
        input=json.dumps(values).encode(),
        capture_output=True,
        check=True,
    )
    return cast(list[bool], json.loads(done.stdout))


RUN = [
    "<script src=a.js>",
    "<a href='javascript:a()'>",
    "<a href='java\tscript:a()'>",
    '<a href="java&#9;script:a()">',
    "<a href=java&#9script&colon;a()>",
    "<a href=' &#106avascript:a()'>",
    "j\na\rv\ta\ts\nc\nr\ni\np\nt\n:a()",
    "java&Tab;script:a()",
    '{"url":"java\\tscript:a()"}',
    '{"html":"\\u003cp onclick=\\"a()\\"\\u003e"}',
    "<p oncontentvisibilityautostatechange=a()>",
    "<p onload\n=a()>",
    "<p title='>' alt=\"&lt;\" onclick=a() id='&gt;'>",
    "<p data-html='&lt;script&gt;a()&lt;/script&gt;'>",
    '<style><i title="</style><i alt=">&lt;" onclick=a() x="&gt;">',
    '<!-- <i title="--><i alt=">&lt;" onclick=a() x="&gt;">',
    "<iframe srcdoc='&lt;script&gt;'>",
    *(
        f"<a href='#' {handler}>"
        for handler in (
            'onclick="return false;alert(1)"',
            'onclick="return false"',
            "onclick='return false;'",
            'onclick=" return false;"',
            'onclick="return false;"onfocus="a()"',
            'onclick="return false;" onfocus="a()"',
            'onmouseover="return false;"',
            'title="<b" onclick="return false;"',
        )
    ),
    '<p onclick="return false;">',
    '{"html":"\\u003ca href=\\u0022#\\u0022 onclick=\\u0022return a();\\u0022\\u003e"}',
    '<a title=" onclick="return false;" onfocus="a()">',
]
TELL = [
    "<p>JavaScript : un langage</p>",
    "<p>JavaScript: un langage, onde après onde</p>",
    '<!-- wp:code -->\n<pre class="wp-block-code"><code>&lt;script&gt;a()&lt;/script&gt; &lt;a onclick="a()"&gt;</code></pre>\n<!-- /wp:code -->',
    "Les balises &lt;script&gt; et &lt;base&gt;",
    "Un manuscrit, une description",
    # What Spectra's info box stores of its button by itself.
    '<a href="#" class="uagb-infobox-cta-link" rel="noopener noreferrer" onclick="return false;"><span>Lire</span></a>',
    '<a href="/contact/" target="_self" onclick="return true;" class="b"><p onde="1">Lire</p>',
    r'{"html":"<a href=\"#\" onclick=\"return false;\">Lire</a>"}',
    r'{"html":"\u003ca href=\u0022#\u0022 onclick=\u0022return true;\u0022\u003eLire"}',
]


@pytest.mark.skipif(not PHP, reason="PHP is not installed (optional)")
def test_what_a_browser_runs_is_found_in_what_the_site_stores_and_what_tells_of_code_is_not() -> None:
    assert [text for text, found in zip(RUN, asked("runs", *RUN), strict=True) if not found] == []
    assert [text for text, found in zip(TELL, asked("runs", *TELL), strict=True) if found] == []


@pytest.mark.skipif(not PHP, reason="PHP is not installed (optional)")
def test_what_no_page_shows_of_a_site_is_not_read() -> None:
    """An earlier version; what WordPress read of a linked page for its preview, and no other name like it."""
    name = "_site_transient_g_url_details_response_28434fa9fcaf27118f002923ec3379b9"
    rows = [{"post_type": "revision"}, {"option_name": name}, {"post_type": "post"}, {"option_name": f"{name}a"}]
    assert asked("unread", *rows) == [True, True, False, False]


def test_a_handler_of_a_long_name_and_a_broken_address_are_looked_for() -> None:
    """Where there is no php, too."""
    found = dict(re.findall(r"^const (RUNS|ADDRESS|IDLE) = '#(.*)#i?';$", READER, re.MULTILINE))
    idle = re.compile(found.pop("IDLE").replace("\\\\", "\\"))
    assert idle.search('<a href="#" onclick="return false;">')
    assert not idle.search('<a href="#" onclick="return false;alert(1)">')
    known = {name: re.compile(pattern.replace("\\'", "'"), re.IGNORECASE) for name, pattern in found.items()}
    assert known["RUNS"].search("<p oncontentvisibilityautostatechange=a()>")
    assert known["ADDRESS"].search("<a href='java\tscript:a()'>")
    assert not known["ADDRESS"].search("<p>JavaScript : un langage</p>")
