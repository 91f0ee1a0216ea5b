"""Attributes and features with their values, which the back office keeps alike."""

from dataclasses import dataclass

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each, screen
from provisioner.french.text import same
from provisioner.subject.check import Site

PARENT_TAB = "AdminParentAttributesGroups"


@dataclass(frozen=True)
class Kind:
    """Attributes or features: their screen, their tables, and the field that a value is typed in."""

    tab: str
    table: str
    value: str
    values: str
    field: str
    new: str
    new_value: str


ATTRIBUTES = Kind(
    "AdminAttributesGroups",
    "attribute_group",
    "attribute",
    "attribute_values",
    "#name_1",
    "new_attribute_group",
    "new_value",
)
FEATURES = Kind(
    "AdminFeatures", "feature", "feature_value", "feature_value", "#value_1", "new_feature", "new_feature_value"
)


@dataclass(frozen=True)
class AttributeOrFeature:
    """An attribute or a feature of the shop, with its values; `display` is how an attribute is chosen.

    An attribute has the name of the back office's list and a `public` one, which customers read; a feature has one.
    """

    name: str
    values: tuple[str, ...]
    display: str = ""
    public: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called."""
        return (self.name, self.public) if self.public else (self.name,)

    def __str__(self) -> str:
        other = "" if same(self.name, self.public or self.name) else f" (nom public : « {self.public} »)"
        return f"« {self.name} »{other}"


def read_all(site: Site, kind: Kind) -> list[AttributeOrFeature]:
    """All of them, as the back office lists them."""
    start, page = screen(site, PARENT_TAB, kind.tab), site.signed_in()
    rows = looked_up(site, page, f"{start}&{kind.table}_pagination=1000", _ROWS)
    one = f"{start}&id_{kind.table}="
    values = looked_up_each(
        site, page, [f"{one}{row['id']}&view{kind.table}&{kind.values}_pagination=1000" for row in rows], _ROWS
    )
    forms = looked_up_each(site, page, [f"{one}{row['id']}&update{kind.table}" for row in rows], _FORM)
    return [
        AttributeOrFeature(row["name"], tuple(value["name"] for value in own), form["display"], form["public"])
        for row, own, form in zip(rows, values, forms, strict=True)
    ]


# A list of a single row has no column of boxes to tick.
_ROWS = Script[list[dict[str, str]]]("""page => [...page.querySelectorAll('tbody tr')].filter(row => row.querySelector('a.edit')).map(row => {
    const [id, name] = [...row.children].filter(cell => !cell.querySelector('input[name$="Box[]"]'));
    return {id: id.textContent.trim(), name: name.textContent.trim()};
})""")

_FORM = Script[dict[str, str]]("""page => {
    const chosen = page.querySelector('#group_type option[selected]'), shown = page.querySelector('#public_name_1');
    return {display: chosen ? chosen.value : '', public: shown ? (shown.getAttribute('value') || '').trim() : ''};
}""")
