"""Whether a module is on, and what its own screen holds."""

from collections.abc import Sequence

from checks.prestashop.reading.answers import Script, T, looked_up, screen
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


def settings_of(site: Site, module: str, reader: Script[T], about: object = None) -> T | None:
    """What a script reads on a module's own screen; None where the module isn't installed, which then has none."""
    installed = looked_up(site, site.signed_in(), screen(site, "AdminModulesSf"), _INSTALLED, module)
    return looked_up(site, site.signed_in(), configuration(site, module), reader, about) if installed else None


def hooked_modules(site: Site, hook: str) -> list[str]:
    """The technical names of the modules on a hook, in their order; those that are off too."""
    return looked_up(site, site.signed_in(), screen(site, "AdminModulesPositions"), _HOOKED, hook) or []


def configuration(site: Site, module: str) -> str:
    """The address of a module's own screen, for the examiner."""
    return screen(site, "AdminModulesSf").replace("/manage?", f"/manage/action/configure/{module}?")


_INSTALLED = Script[bool]("""(page, module) => {
    const row = page.querySelector(`.module-item[data-tech-name="${module}"]`);
    return row !== null && !row.querySelector('.module_action_menu_install');
}""")

_HOOKED = Script[list[str]]("""(page, hook) => [...page.querySelectorAll('section.hook-panel')].filter(
    panel => panel.querySelector(`a[name="${hook}"]`)).flatMap(panel => [...panel.querySelectorAll('li.module-item img')]).map(
    picture => (/modules\\/(\\w+)\\//.exec(picture.getAttribute('src')) || ['', ''])[1]).filter(Boolean)""")
