"""The pictures of a product, told apart by how they look."""

import base64
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checks.prestashop.reading.answers import Script, looked_up, looked_up_each
from checks.prestashop.reading.shop import Row
from provisioner.subject.check import Site

#: How much two pictures may differ (mean of all colours, of 255) to be the same one, cut or compressed anew.
ALIKE = 12.0


Looks = tuple[int, ...]


@dataclass(frozen=True)
class Picture:
    """A picture of a product; `looks` are the colours of a small copy of it."""

    number: int
    legend: str
    cover: bool
    looks: Looks


def pictures(site: Site, row: Row) -> list[Picture]:
    """All pictures of the product, as its sheet of the back office holds them.

    The product's page shows those of the variant that is chosen, whose cover may be another.
    """
    kept = looked_up(site, site.signed_in(), row.edit, _KEPT) or []
    forms = [site.address + one["form"] for one in kept]
    legends = looked_up_each(site, site.signed_in(), forms, _LEGEND, by_script=True)
    return [
        Picture(one["number"], legend, one["cover"], _looks(site, site.address + original_path(str(one["number"]))))
        for one, legend in zip(kept, legends, strict=True)
    ]


def file_looks(site: Site, name: str) -> Looks:
    """How a file of the company or of the subject looks."""
    return _looks(site, data_address(site.file(name)))


def looks_at(site: Site, address: str) -> Looks | None:
    """How the picture at an address looks; None where a visitor is shown none."""
    # Asked from a small picture of the shop: the answer itself isn't read.
    found = looked_up(site, site.page, f"{site.address}/img/404.gif", LOOKS_SCRIPT, about=address)
    return tuple(found) if found else None


def is_another(site: Site, looks: Looks, name: str) -> bool:
    """Whether that is a picture of the company's, or one that lies beside the file of that name; another than it."""
    return any(alike(looks, _looks(site, data_address(one))) for one in others_than(site.company, site.file(name)))


def others_than(company: Path, file: Path) -> list[Path]:
    """The other pictures that a candidate who was given that file has."""
    kinds = (".jpg", ".jpeg", ".png", ".webp")
    near = [*(company / "media").iterdir(), *file.parent.iterdir()]
    return sorted({path for path in near if path.suffix.lower() in kinds and path != file})


def data_address(path: Path) -> str:
    """The picture itself as an address that a browser can load."""
    kind = mimetypes.guess_type(path.name)[0] or "image/webp"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def original_path(number: str) -> str:
    """Where the shop keeps a picture as it was uploaded."""
    return f"/img/p/{'/'.join(number)}/{number}.jpg"


def difference(one: Looks, other: Looks) -> float:
    """How much two pictures differ, of 255."""
    return sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one)


def alike(one: Looks, other: Looks) -> bool:
    """Whether they are the same picture."""
    return difference(one, other) <= ALIKE


def closest(wanted: Looks, shown: Sequence[Picture]) -> Picture | None:
    """The picture that looks so, if there is one."""
    return next(iter(all_alike(wanted, shown)), None)


def all_alike(wanted: Looks, shown: Sequence[Picture]) -> list[Picture]:
    """The pictures that look so, the closest first."""
    return sorted((one for one in shown if alike(wanted, one.looks)), key=lambda one: difference(wanted, one.looks))


def _looks(site: Site, address: str) -> Looks:
    looks = looks_at(site, address)
    if looks is None:
        raise LookupError(f"no picture at {address[:80]}")
    return looks


_KEPT = Script[list[dict[str, Any]]]("""page => [...page.querySelectorAll('#product-images-dropzone .dz-preview[data-id]')].map(one => ({
    number: Number(one.dataset.id), cover: Boolean(one.querySelector('.iscover')), form: one.getAttribute('url-update'),
}))""")

_LEGEND = Script[str]("""page => {
    const field = page.querySelector('textarea, input[type=text]');
    return field ? (field.textContent || field.getAttribute('value') || '').trim() : '';
}""")

LOOKS_SCRIPT = Script[list[int] | None]("""async (page, address) => {
    const side = 16, answer = await fetch(address);
    if (answer.status >= 500) throw new Error(`${address}: ${answer.status}`);
    const how = {resizeWidth: side, resizeHeight: side, resizeQuality: 'high'};
    const image = await createImageBitmap(await answer.blob(), how).catch(() => null);
    if (image === null) return null;
    const drawing = new OffscreenCanvas(side, side).getContext('2d');
    drawing.fillStyle = 'white';
    drawing.fillRect(0, 0, side, side);
    drawing.drawImage(image, 0, 0);
    return [...drawing.getImageData(0, 0, side, side).data].filter((_, i) => i % 4 !== 3);
}""")
