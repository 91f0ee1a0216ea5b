"""Whether a module is on, and what its own screen holds."""

from collections.abc import Sequence

from checks.prestashop.reading.answers import Script, looked_up, screen
from provisioner.subject.check import Site


def switched_on(site: Site, modules: Sequence[str]) -> list[tuple[bool, bool]]:
    """Of each, whether the module manager says that it is on, and that it is so on mobiles too."""
    found = looked_up(site, site.signed_in(), screen(site, "AdminModulesSf"), _ACTIVE, list(modules))
    return [(bool(on), bool(mobile)) for on, mobile in found]


_ACTIVE = Script[list[tuple[bool, bool]]]("""(page, modules) => modules.map(module => {
    const row = page.querySelector(`.module-item[data-tech-name="${module}"]`);
    const on = row !== null && row.dataset.active === '1';
    return [on, on && !row.querySelector('.module_action_menu_enable_mobile')];
})""")


def configuration(site: Site, module: str) -> str:
    """The address of a module's own screen, for the examiner."""
    return screen(site, "AdminModulesSf").replace("/manage?", f"/manage/action/configure/{module}?")
