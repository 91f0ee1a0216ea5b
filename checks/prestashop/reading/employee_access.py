"""The back office's screens as an employee meets them: the menu that he has, and what he gets done there."""

from collections.abc import Mapping
from typing import Literal

from checks.prestashop.reading.answers import Script, looked_up, screen
from provisioner.subject.check import Site
from provisioner.subject.page import Page

Screen = Literal[
    "commandes",
    "factures",
    "avoirs",
    "bons de livraison",
    "paniers",
    "produits",
    "catégories",
    "attributs",
    "caractéristiques",
    "marques",
    "règles panier",
    "règles catalogue",
    "stocks",
    "clients",
    "adresses",
    "groupes de clients",
    "service client",
    "messages prédéfinis",
    "retours",
    "statistiques",
    "modules",
    "pages",
    "transporteurs",
]
Action = Literal["voir", "ajouter", "modifier", "supprimer"]
#: What came of trying: done, refused, or the screen has nothing of the kind, whoever looks.
Outcome = Literal["done", "refused", "nothing"]

#: The menu entry of each screen; of one that stands at the head of another's, after that.
TABS: Mapping[str, tuple[str, ...]] = {
    "commandes": ("AdminOrders",),
    "factures": ("AdminInvoices",),
    "avoirs": ("AdminSlip",),
    "bons de livraison": ("AdminDeliverySlip",),
    "paniers": ("AdminCarts",),
    "produits": ("AdminProducts",),
    "catégories": ("AdminCategories",),
    "attributs": ("AdminParentAttributesGroups", "AdminAttributesGroups"),
    "caractéristiques": ("AdminParentAttributesGroups", "AdminFeatures"),
    "marques": ("AdminParentManufacturers", "AdminManufacturers"),
    "règles panier": ("AdminParentCartRules", "AdminCartRules"),
    "règles catalogue": ("AdminParentCartRules", "AdminSpecificPriceRule"),
    "stocks": ("AdminStockManagement",),
    "clients": ("AdminCustomers",),
    "adresses": ("AdminAddresses",),
    "groupes de clients": ("AdminParentCustomerPreferences", "AdminGroups"),
    "service client": ("AdminCustomerThreads",),
    "messages prédéfinis": ("AdminOrderMessage",),
    "retours": ("AdminReturn",),
    "statistiques": ("AdminStats",),
    "modules": ("AdminModulesSf",),
    "pages": ("AdminCmsContent",),
    "transporteurs": ("AdminCarriers",),
}


def address_for(site: Site, own: Page, name: str) -> str:
    """Where that employee's own menu leads to the screen; nowhere where he doesn't have it, or it doesn't open."""
    *above, tab = TABS[name]
    entries = looked_up(site, own, f"{site.address}/gestion/index.php?controller=AdminDashboard", _ENTRIES) or {}
    for parent in above:
        entries = (looked_up(site, own, entries[parent], _ENTRIES) or {}) if parent in entries else {}
    address: str = entries.get(tab, "")
    return address if address and looked_up(site, own, address, _OPENS) else ""


def try_action(site: Site, own: Page, name: str, action: Action, address: str) -> Outcome:
    """What comes of the action on that screen, which this employee has at that address; on a copy, which it changes."""
    about = {"list": address, "tab": TABS[name][-1], "action": action, "go": True}
    outcome = looked_up(site, own, address, _TRIED, about, acts=True) or "refused"
    if outcome == "nothing":
        whole = screen(site, *TABS[name])
        offered = looked_up(site, site.signed_in(), whole, _TRIED, {**about, "list": whole, "go": False})
        return "refused" if offered == "offered" else "nothing"
    return "done" if outcome == "done" else "refused"


_ENTRIES = Script[dict[str, str]]("""page => Object.fromEntries([...page.querySelectorAll('li[id^=subtab-] > a[href], a[id^=subtab-][href]')].map(
    a => [(a.id || a.parentNode.id).replace('subtab-', ''), new URL(a.getAttribute('href'), location.href).href]))""")

# A screen that may not be seen says so in the place of its contents, or sends to another; a window that isn't open says nothing.
_OPENS = Script[bool]("""page => Boolean(page.querySelector('#main-div, #content'))
    && !page.querySelector('#content .alert-danger:not(.modal *), #main-div .alert-danger:not(.modal *), .access-denied, #login_form')
""")

# What is tried is what the screen offers of its own rows: the newer screens have an address for it, the older ones a parameter.
# Of an order the state is sent without one, of a stock the movement without its quantity, so nothing of them changes; a
# product's page opens to whoever may see it, and is shut where he may not change it. Who may not is sent away from the newer
# screens, or is told so; of a deletion, both kinds say that it was done.
_TRIED = Script[Outcome | Literal["offered"]](r"""async (page, {list, tab, action, go}) => {
    const base = new URL(list), under = base.pathname.replace(/\/$/, ''), newer = under.includes('/index.php/');
    const own = tab === 'AdminCarriers' ? [tab, 'AdminCarrierWizard'] : [tab];
    const offered = [...page.querySelectorAll('a[href], [onclick]')]
        .flatMap(one => `${one.getAttribute('href')} ${one.getAttribute('onclick')}`.match(/(?:https?:\/\/|\/gestion\/|index\.php\?)[^'"\s]+/g) || [])
        .map(one => new URL(one, `${base.origin}/gestion/`))
        .filter(one => newer ? one.pathname.startsWith(`${under}/`) : own.includes(one.searchParams.get('controller')))
        .map(one => one.href);
    const first = pattern => offered.find(one => pattern.test(one)) || '';
    const last = pattern => offered.filter(one => pattern.test(one)).pop() || '';
    const button = name => [...page.querySelectorAll(`[data-${name}]`)].map(one => one.dataset).filter(
        one => name !== 'url' || one.url.includes('/delete?')).pop();
    const several = (data, name, many, how) => data && [data[`${name}DeleteUrl`],
        {[`delete_${many}[${many}_to_delete][]`]: data[`${name}Id`], ...how}];
    const ways = newer ? {
        ajouter: () => [first(/\/new\?/)],
        modifier: () => ({
            AdminOrders: [last(/\/orders\/\d+\/view\?/).replace('/view?', '/status?'), {}],
            AdminProducts: [last(/\/products\/\d+\?/)],
            AdminStockManagement: [`${base.origin}/gestion/index.php/api/stocks/product/1${base.search}`, {}],
            AdminModulesSf: [`${base.origin}${under}/action/enable/ps_customtext${base.search}`, {}],
        }[tab] || [last(/\/\d+\/edit\?/)]),
        supprimer: () => ({
            AdminProducts: () => [last(/\/products\/\d+\?/).replace('/products/', '/products/unit/delete/'), {}],
            AdminCustomers: () => several(button('customer-id'), 'customer', 'customers', {'delete_customers[delete_method]': 'allow_registration_after'}),
            AdminCategories: () => several(button('category-id'), 'category', 'categories', {'delete_categories[delete_mode]': 'associate_and_disable'}),
        }[tab] || (() => button('url') && [button('url').url, button('url').method === 'POST' ? {} : {_method: button('url').method}]))(),
    } : {
        ajouter: () => [first(/[?&]add[a-z_]+|Wizard&token/)],
        modifier: () => [last(/[?&]update[a-z_]+|Wizard&id_carrier/)],
        supprimer: () => [last(/[?&]delete[a-z_]+/)],
    };
    const [address, body] = ways[action]() || [];
    if (!address) return 'nothing';
    if (!go) return 'offered';
    const answer = await fetch(address, body ? {method: 'POST', body: new URLSearchParams(body)} : {});
    const whole = await answer.text(), after = new DOMParser().parseFromString(whole, 'text/html'), there = new URL(answer.url).pathname;
    if (['AdminStockManagement', 'AdminModulesSf'].includes(tab)) {
        return [401, 403].includes(answer.status) || JSON.parse(whole)?.status === false ? 'refused' : 'done';
    }
    // What refuses on a newer screen may be said by the next one alone, which would seem to be shut: it is heard here.
    if (newer) await fetch(list);
    if (action === 'supprimer') return after.querySelector('.alert-success:not(#ajax_confirmation)') ? 'done' : 'refused';
    const shut = action === 'modifier' && after.querySelector('#field-disabled');
    const let_in = newer ? there.startsWith(`${under}/`) && /\/(?:new|edit|view|\d+)$/.test(there) && !shut
        : !after.querySelector('#content .alert-danger:not(.modal *), #main-div .alert-danger:not(.modal *)');
    return answer.ok && let_in ? 'done' : 'refused';
}""")
