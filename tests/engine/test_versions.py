"""What a station says of its language is read in its words: an option says no more than what is wanted."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from provisioner.core.model import Golden
from provisioner.host.paths import ROOT

WORDPRESS = """
const WP_LANG_DIR = '/languages';
$wpdb = new class { function db_server_info() { return '10.11'; } };
class Theme {
    function get_stylesheet() { return '%(theme)s'; }
    function get($what) { return '4.5.2'; }
}
function wp_get_theme() { return new Theme(); }
function get_bloginfo($what) { return '6.4.2'; }
function get_locale() { return 'fr_FR'; }
function get_plugins() { return []; }
function load_textdomain($domain, $file) { $GLOBALS['loaded'][] = "$domain $file"; }
function translate($word, $domain) {
    $lacks = json_decode('%(lacks)s');
    if ($word === 'Screen Options' && ($GLOBALS['loaded'] ?? []) !== ['default /languages/admin-fr_FR.mo']) { return $word; }
    return in_array($word, $lacks) ? $word : "en français : $word";
}
"""
PRESTASHOP = """
const _PS_VERSION_ = '1.7.7.8', _DB_PREFIX_ = 'ps_', _PS_ROOT_DIR_ = '%(root)s';
class Language { public $locale = 'fr-FR'; }
class Configuration { static function get($what) { return 1; } }
class Theme {
    function getName() { return 'classic'; }
    function get($what) { return '1.0.0'; }
}
class Context {
    public $shop;
    static function getContext() { $it = new self(); $it->shop = new stdClass(); $it->shop->theme = new Theme(); return $it; }
}
class Db {
    static function getInstance() { return new self(); }
    function executeS($query) { return []; }
    function getVersion() { return '10.5'; }
}
"""


Locale = Callable[[str, str], str]


@pytest.fixture
def locale(trial: Golden, tmp_path: Path) -> Locale:
    """What versions.php says of the language of this site; the PHP is a station's."""

    def told(cms: str, site: str) -> str:
        script = (ROOT / f"stacks/{cms}/files/opt/e5b/versions.php").read_text(encoding="utf-8")
        script = re.sub(r"^require_once .*\n", "", script, flags=re.MULTILINE).replace("<?php\n", f"<?php\n{site}\n", 1)
        alone = (
            "--rm",
            "--label=e5b.kind=essai",
            "--interactive",
            "--network=none",
            f"--volume={tmp_path}:{tmp_path}:ro",
            "--entrypoint=php",
        )
        words = ["docker", "run", *alone, trial.image]
        done = subprocess.run(words, input=script, capture_output=True, text=True, check=True, timeout=120)
        versions: dict[str, Any] = json.loads(done.stdout)
        return str(versions["locale"])

    return told


@pytest.mark.parametrize(
    ("theme", "lacks", "told"),
    [
        ("astra", [], "fr_FR"),
        ("astra", ["Dashboard", "Screen Options"], "fr_FR (reste en anglais : Dashboard, Screen Options)"),
        ("astra", ["Skip to content"], "fr_FR (reste en anglais : Skip to content)"),
        ("twentytwentyone", ["Skip to content"], "fr_FR"),  # the trial brings no French of its theme
    ],
)
def test_wordpress_is_french_once_the_site_the_back_office_and_the_theme_are(
    locale: Locale, theme: str, lacks: list[str], told: str
) -> None:
    assert locale("wordpress", WORDPRESS % {"theme": theme, "lacks": json.dumps(lacks)}) == told


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("<target>Enregistrer</target>", "fr-FR"),
        ('<target xml:lang="fr">Enregistrer</target>', "fr-FR"),
        ("<target>Save</target>", "fr-FR (reste en anglais : Save)"),
        ("<target></target>", "fr-FR (reste en anglais : Save)"),
        ("", "fr-FR (reste en anglais : Save)"),
        (None, "fr-FR (reste en anglais : Save)"),
    ],
)
def test_prestashop_is_french_once_its_back_office_is(
    locale: Locale, tmp_path: Path, target: str | None, told: str
) -> None:
    catalogue = tmp_path / "app/Resources/translations/fr-FR/AdminActions.fr-FR.xlf"
    catalogue.parent.mkdir(parents=True)
    if target is not None:
        catalogue.write_text(f"<trans-unit>\n<source>Save</source>\n        {target}\n</trans-unit>")
    assert locale("prestashop", PRESTASHOP % {"root": tmp_path}) == told
