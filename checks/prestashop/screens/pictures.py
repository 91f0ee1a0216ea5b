"""The pictures of a product, on its page of the back office."""

import base64

from playwright.sync_api import Locator

from checks.prestashop.reading.picture_looks import LOOKS_SCRIPT, Looks, data_address, difference, original_path
from checks.prestashop.screens.product import ProductPage, open_product
from provisioner.examination.browser import upload
from provisioner.subject.check import Desk

#: Where a picture's legend is written.
LEGEND_FIELD = "#product-images-form textarea, #product-images-form input[type=text]"


def open_picture(desk: Desk, product: str, name: str = "", other: bool = False) -> ProductPage:
    """The form of the picture that looks like that file, or of the cover; `other`: of one that isn't it."""
    sheet = open_product(desk, product)
    shown = sheet.page.locator("#product-images-dropzone .dz-preview[data-id]")
    if name:
        numbers = shown.evaluate_all("all => all.map(one => one.dataset.id)")
        wanted = _seen_by(sheet, data_address(desk.file(name)))
        apart = [difference(wanted, _seen_by(sheet, f"{desk.address}{original_path(number)}")) for number in numbers]
        index = apart.index(min(apart))
    else:
        index = shown.evaluate_all("all => all.findIndex(one => one.querySelector('.iscover'))")
    _form(sheet, shown.nth((index + 1) % shown.count() if other else index))
    return sheet


def _seen_by(sheet: ProductPage, address: str) -> Looks:
    return tuple(sheet.page.evaluate(f"address => ({LOOKS_SCRIPT})(null, address)", address))


def add_picture(desk: Desk, product: str, name: str, cut: bool = False) -> ProductPage:
    """Drop a file on the product's page, or what is left of it once it is `cut`, and open its form."""
    sheet = open_product(desk, product)
    shown = sheet.page.locator("#product-images-dropzone .dz-preview[data-id]")
    before = shown.count()
    field = sheet.page.locator("input.dz-hidden-input").first
    if cut:
        quarter = base64.b64decode(sheet.page.evaluate(_QUARTER, data_address(desk.file(name))))
        field.set_input_files({"name": f"recadree-{name}.jpg", "mimeType": "image/jpeg", "buffer": quarter})
    else:
        field.set_input_files(upload(desk.file(name)))
    shown.nth(before).wait_for()
    _form(sheet, shown.nth(before))
    return sheet


def tick_cover(sheet: ProductPage) -> None:
    """The picture whose form is open becomes the cover, once it is kept."""
    sheet.page.locator("#form_image_cover").check(force=True)


def keep(sheet: ProductPage) -> None:
    """The form's own button: a picture isn't saved with the sheet."""
    with sheet.page.expect_response(lambda answer: answer.request.method == "POST" and "/image/form/" in answer.url):
        sheet.page.locator("#product-images-form .actions .btn-primary").click()


def delete(sheet: ProductPage, sure: bool = True) -> None:
    """Delete the picture whose form is open; the page asks whether one is sure."""
    sheet.page.locator("#product-images-form .actions .btn-link").click()
    modal = sheet.page.locator(".modal.show")
    if not sure:
        modal.locator("[data-dismiss=modal], .cancel").first.click()
        return
    with sheet.page.expect_response(lambda answer: "/image/delete/" in answer.url):
        modal.locator(".continue").click()


#: The upper left quarter of a picture, as a candidate cuts it.
_QUARTER = """async address => {
    const image = await createImageBitmap(await (await fetch(address)).blob());
    const drawing = Object.assign(document.createElement('canvas'), {width: image.width / 2, height: image.height / 2});
    drawing.getContext('2d').drawImage(image, 0, 0);
    return drawing.toDataURL('image/jpeg').split(',')[1];
}"""


def _form(sheet: ProductPage, picture: Locator) -> None:
    with sheet.page.expect_response(lambda answer: "/image/form/" in answer.url):
        picture.click()
    sheet.page.locator(LEGEND_FIELD).first.wait_for()
