"""The browser among e5b's needs: a Chromium that starts, isolated from the network, and in its own sandbox."""

import re
import shlex
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from provisioner.core.errors import BrowserUnavailable
from provisioner.core.progress import Progress
from provisioner.doctor.need import Observation, apt
from provisioner.examination.browser import SHARED, TOOLS, USER, WRAPPER, browser_user, candidate_browser
from provisioner.examination.browser_failure import missing_library
from provisioner.host.machine import (
    INSTALL,
    CannotFix,
    NoRight,
    apt_install,
    as_root,
    check,
    is_debian,
    is_root,
    may_install,
    run,
    which,
)
from provisioner.host.paths import ROOT

#: How long Playwright may take, in seconds, to fetch its browser.
DOWNLOAD = 600
PLAYWRIGHT = (sys.executable, "-m", "playwright")
#: The packages of the tools that isolate a browser from the network.
ISOLATION = ("iproute2", "util-linux")
PACKAGES = ("chromium", "chromium-sandbox", "fonts-dejavu-core", "fonts-liberation", "libatomic1", *ISOLATION)
#: Makes the user that Chromium runs as when e5b is root's.
ADD_USER = ("useradd", "--system", "--user-group", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin", USER)
APPARMOR = Path("/etc/apparmor.d/e5b-navigateur")
#: Ubuntu's switch that forbids namespaces to programs without a profile, and the file through which AppArmor takes profiles.
#: In a container the first may be there without the second.
RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
PROFILES = Path("/sys/kernel/security/apparmor/.replace")


def look_at_browser() -> Observation:
    """Whether a candidate's browser starts, and would for an ordinary user too."""
    fix = f"{shlex.quote(str(ROOT / 'e5b'))} doctor --fix"  # the whole path: another person may have to run it
    remedy = apt(*PACKAGES) if is_debian() else (fix,)
    driver = run(*PLAYWRIGHT, "--version")
    if driver.returncode:
        return Observation(False, f"il manque {missing_library(driver.stderr) or 'Playwright'}", remedy)
    try:
        with candidate_browser() as browser:
            version = browser.version
    except BrowserUnavailable as error:
        text = str(error).split(" : libérez")[0]
        if full := re.search(r"(le disque de .*) est plein", text, re.IGNORECASE):
            return Observation(False, text, advice=f"libérez de la place sur {full[1].lower()}")
        return Observation(False, text.split(" ; lancez")[0].rstrip("."), remedy)
    user = browser_user()
    if user and user.pw_name != USER:
        return Observation(False, f"Chromium {version}, sans utilisateur à lui", (" ".join(ADD_USER),))
    if user and _lacks_profile():
        return Observation(False, f"Chromium {version}, que seul root peut isoler", (fix,))
    return Observation(True, f"Chromium {version}, isolé" + (f", sous l'utilisateur {USER}" if user else ""))


def install_browser(progress: Progress) -> None:
    """Install Debian's own Chromium on Debian; elsewhere Playwright's, since Ubuntu's Chromium is a snap."""
    user = browser_user()
    if user and user.pw_name != USER:
        as_root(*ADD_USER)
    # Before the look: root's own browser works without a profile, which would hide that others' need it.
    if may_install() and _lacks_profile():
        _install_profile()
    if look_at_browser().ok:
        return
    if is_debian() and may_install():
        apt_install(progress, *PACKAGES)
        with suppress(CannotFix):  # it needs less of the processor, but not every Debian has it
            apt_install(progress, "chromium-headless-shell")
        return
    if missing_library(run(*PLAYWRIGHT, "--version").stderr) and not may_install():
        raise NoRight
    if not all(map(which, TOOLS)):
        apt_install(progress, *ISOLATION)
    progress.step("Téléchargement du navigateur de Playwright")
    folder = (f"PLAYWRIGHT_BROWSERS_PATH={SHARED}",) if is_root() else ()
    patience = "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT=10000"
    done = run("env", *folder, patience, *PLAYWRIGHT, "install", "chromium", deadline=DOWNLOAD)
    check(done, "playwright install chromium")
    if may_install():
        as_root(*PLAYWRIGHT, "install-deps", "chromium", deadline=INSTALL)
        _install_profile()


def _restricts_namespaces() -> bool:
    return RESTRICTED.exists() and RESTRICTED.read_text().strip() == "1"


def _lacks_profile() -> bool:
    """Whether an ordinary user's browser, started from this clone, can't be isolated here until a profile is installed."""
    if not _restricts_namespaces() or not PROFILES.exists():
        return False
    try:
        return f'"{WRAPPER}"' not in APPARMOR.read_text(errors="replace")
    except OSError:
        return True


def _install_profile() -> None:
    """Allow namespaces to Chromium, and to the program that isolates it; nothing where they aren't restricted.

    Ubuntu allows them only to programs that a profile of AppArmor names.
    """
    if not _restricts_namespaces():
        return
    places = f"{{{SHARED},{Path.home()}/.cache/ms-playwright}}/chromium-*/chrome-linux*/chrome"
    with tempfile.NamedTemporaryFile("w", prefix="e5b-", suffix=".apparmor") as profile:
        profile.write(
            "abi <abi/4.0>,\ninclude <tunables/global>\n"
            f'profile e5b-navigateur "{places}" flags=(unconfined) {{\n  userns,\n}}\n'
            f'profile e5b-reseau "{WRAPPER}" flags=(unconfined) {{\n  userns,\n}}\n'
        )
        profile.flush()
        as_root("install", "--mode=644", profile.name, str(APPARMOR))
    as_root("apparmor_parser", "--replace", str(APPARMOR))
