"""What makes a browser that a program drives answer scripts and servers as one that a person drives.

A page may ask whether a program looks, and show it something else. Chromium without a window, and Debian's headless shell even
more, answers some questions as no candidate's browser does. What differs still (the system, the graphics, an examiner who is
signed in) differs between any two machines: what a page makes of it is found by comparing (see withheld.py).
"""

import json

#: Keeps `navigator.webdriver` false.
ARGUMENTS = ("--disable-blink-features=AutomationControlled",)


def user_agent(version: str) -> str:
    """What that version of Chromium calls itself when it has a window: of its version, it names the first number alone."""
    chrome = f"Chrome/{version.partition('.')[0]}.0.0.0"
    return f"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) {chrome} Safari/537.36"


def brand_headers(version: str) -> dict[str, str]:
    """The headers in which that version names itself to a site in https."""
    named = (f'"{brand["brand"]}";v="{brand["version"]}"' for brand in _brands(version))
    return {"sec-ch-ua": ", ".join(named)}


def ordinary_script(version: str) -> str:
    """Runs in each document before its own scripts; it adds only what the browser lacks."""
    return _SCRIPT.replace("BRANDS", json.dumps(_brands(version)))


def _brands(version: str) -> list[dict[str, str]]:
    return [
        {"brand": "Not:A-Brand", "version": "8"},
        {"brand": "Chromium", "version": version.partition(".")[0]},
    ]


# A bound function is written out as a browser's own are: "function () { [native code] }".
_SCRIPT = """(() => {
    const give = (object, name, value) =>
        Object.defineProperty(object, name, {get: (() => value()).bind(), configurable: true, enumerable: true});
    const list = (prototype, items, key) => Object.create(prototype, Object.getOwnPropertyDescriptors({
        ...items, ...Object.fromEntries(items.map(item => [item[key], item])), length: items.length,
        item: (index => items[index] ?? null).bind(), namedItem: (name => items.find(item => item[key] === name) ?? null).bind(),
        [Symbol.iterator]: (() => items[Symbol.iterator]()).bind()}));
    const make = (prototype, values) => Object.create(prototype, Object.getOwnPropertyDescriptors(values));
    // Chromium's popup blocker, which its headless shell lacks: else a page that nobody clicked may open windows without end.
    const open = window.open.bind(window);
    window.open = ((...asked) => navigator.userActivation.isActive ? open(...asked) : null).bind();
    if (outerHeight <= innerHeight) give(window, 'outerHeight', () => innerHeight + 85);
    if (!('chrome' in window)) window.chrome = {app: {}, csi: (() => ({})).bind(), loadTimes: (() => ({})).bind()};
    if (window.Notification?.permission === 'denied' && isSecureContext) give(Notification, 'permission', () => 'default');
    if (!navigator.plugins.length) {
        const description = 'Portable Document Format', suffixes = 'pdf', filename = 'internal-pdf-viewer';
        const types = ['application/pdf', 'text/pdf'].map(type => make(MimeType.prototype, {type, suffixes, description}));
        const plugins = ['PDF', 'Chrome PDF', 'Chromium PDF', 'Microsoft Edge PDF', 'WebKit built-in PDF'].map(
            name => make(Plugin.prototype, {...types, name: name.replace(/F$/, 'F Viewer').replace('in PDF Viewer', 'in PDF'),
                filename, description, length: 2}));
        types.forEach(type => Object.defineProperty(type, 'enabledPlugin', {value: plugins[0]}));
        const allPlugins = list(PluginArray.prototype, plugins, 'name');
        const allTypes = list(MimeTypeArray.prototype, types, 'type');
        give(Navigator.prototype, 'plugins', () => allPlugins);
        give(Navigator.prototype, 'mimeTypes', () => allTypes);
        give(Navigator.prototype, 'pdfViewerEnabled', () => true);
    }
    if (navigator.userAgentData?.brands.some(({brand}) => brand === 'HeadlessChrome')) {
        const brands = BRANDS, ask = NavigatorUAData.prototype.getHighEntropyValues;
        give(NavigatorUAData.prototype, 'brands', () => brands);
        NavigatorUAData.prototype.getHighEntropyValues = {async getHighEntropyValues(hints) {
            const values = await ask.call(this, hints), ordinary = ({brand}) => brand !== 'HeadlessChrome';
            return {...values, brands, ...values.fullVersionList && {fullVersionList: values.fullVersionList.filter(ordinary)}};
        }}.getHighEntropyValues;
    }
})()"""
