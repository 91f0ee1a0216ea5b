"""Spectra's blocks as its editor stores them, for the code editor and for roads on which they need not be clicked together.

`pictures` are what the library has of each medium: see `spectra.picture`.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from checks.wordpress.reading.spectra_wanted import FIELDS, FormField, Member, Question, Quote, Slide

#: A medium as Spectra stores it in a block: its number, address, alternative text, sizes.
Picture = Mapping[str, Any]
_UNITS = {"days": "DAYS", "hours": "HOURS", "minutes": "MINUTES", "seconds": "SECONDS"}


def comment(attributes: Mapping[str, object]) -> str:
    """The settings of a block as the editor writes them into its comment."""
    written = json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))
    for sign, code in (
        ("--", "\\u002d\\u002d"),
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ('\\"', "\\u0022"),
    ):
        written = written.replace(sign, code)
    return written


def block(name: str, attributes: Mapping[str, object], html: str = "") -> str:
    """A block of that name; without HTML it stands alone."""
    if not html:
        return f"<!-- wp:{name} {comment(attributes)} /-->"
    return f"<!-- wp:{name} {comment(attributes)} -->\n{html}\n<!-- /wp:{name} -->"


def faq(questions: Sequence[Question], left: int = 0, **settings: object) -> str:
    """The block FAQ; `left` questions are those that it proposes."""
    children = [
        block("uagb/faq-child", {"block_id": f"d{place:07}", "question": one.question, "answer": one.answer})
        for place, one in enumerate(questions)
    ]
    children += [block("uagb/faq-child", {"block_id": f"e{place:07}"}) for place in range(left)]
    return block("uagb/faq", {"block_id": "9c8b7a60", **settings}, "\n\n".join(children))


def quotes(those: Sequence[Quote], pictures: Mapping[str, Picture], number: str = "5e4d3c2b", columns: int = 1) -> str:
    """The block Testimonials."""
    told = [
        {"description": one.words, "name": one.name, "company": one.company, "image": pictures.get(one.media, "")}
        for one in those
    ]
    settings: dict[str, object] = {"test_item_count": len(those), "classMigrate": True, "test_block": told}
    settings |= {"columns": columns} if columns > 1 else {}
    even = " uagb-post__carousel_notset" if len(those) == columns else ""
    html = (
        f'<div class="wp-block-uagb-testimonial uagb-slick-carousel uagb-tm__arrow-outside uagb-block-{number}{even}">'
        f'<div class="is-carousel uagb-tm__columns-{columns} uagb-tm__items">'
        f"{''.join(_testimonial(one, pictures) for one in those)}</div></div>"
    )
    return block("uagb/testimonial", {**settings, "block_id": number}, html)


def _testimonial(one: Quote, pictures: Mapping[str, Picture]) -> str:
    image = ""
    if one.media:
        attributes = f'src="{thumbnail(pictures[one.media])}" alt="{escape(str(pictures[one.media]["alt"]))}"'
        image = (
            f'<div class="uagb-tm__image-content"><div class="uagb-tm__image"><img class="uagb-tm-img-src" {attributes} '
            'width="60" height="0" loading="lazy"/></div></div>'
        )
    return (
        '<div class="uagb-testimonial__wrap  uagb-tm__imgicon-style-circle uagb-tm__image-position-bottom '
        'uagb-tm__bg-type-none "><div class="uagb-tm__content"><div class="uagb-tm__overlay"></div>'
        f'<div class="uagb-tm__text-wrap"><div class="uagb-tm__desc">{_text(one.words)}</div>'
        f'<div class="uagb-tm__meta-inner">{image}<div class="uagb-testimonial-details">'
        f'<span class="uagb-tm__author-name">{_text(one.name)}</span>'
        f'<span class="uagb-tm__company">{_text(one.company)}</span></div></div></div></div></div>'
    )


def team(one: Member, pictures: Mapping[str, Picture], number: str = "2b3c4d5e", tag: str = "h3") -> str:
    """The block Team of one person."""
    picture = pictures.get(one.media)
    settings: dict[str, object] = {"classMigrate": True, **({"image": picture} if picture else {}), "title": one.name}
    settings |= {"tag": tag} if tag != "h3" else {}
    settings |= {"prefix": one.post, "description_text": one.words}
    settings |= _networks(one) if one.links else {"socialEnable": False}
    image = (
        f'<img class="uagb-team__image-crop-normal" src="{thumbnail(picture)}" alt="{escape(str(picture["alt"]))}" '
        'height="100" width="100" loading="lazy"/>'
        if picture
        else ""
    )
    icons = "".join(
        f'<li class="uagb-team__social-icon"><a href="{link}" aria-label="{name}" target="_self" title="" '
        'rel="noopener noreferrer"><svg xmlns="https://www.w3.org/2000/svg" viewBox="0 0 512 512"><path d="M0 0h512v512H0z">'
        "</path></svg></a></li>"
        for link, name in zip(one.links, ("twitter", "facebook", "linkedin", "pinterest"), strict=False)
    )
    html = (
        '<div class="wp-block-uagb-team uagb-team__image-position-above uagb-team__align-center uagb-team__stack-tablet '
        f'uagb-block-{number}"><div class="uagb-team__content">{image}'
        f'<{tag} class="uagb-team__title">{_text(one.name)}</{tag}>'
        f'<span class="uagb-team__prefix">{_text(one.post)}</span><p class="uagb-team__desc">{_text(one.words)}</p>'
        + (f'<ul class="uagb-team__social-list">{icons}</ul>' if icons else "")
        + "</div></div>"
    )
    return block("uagb/team", {**settings, "block_id": number}, html)


def _networks(one: Member) -> dict[str, object]:
    """The settings of the four icons: those without an address are taken away."""
    names = ("twitter", "fb", "linkedin", "pin")
    linked: dict[str, object] = {f"{name}Link": link for name, link in zip(names, one.links, strict=False)}
    return linked | {f"{name}Icon": "" for name in names[len(one.links) :]}


def countdown(ends: str, moment: str, labels: Sequence[str] = (), picked: bool = True, seconds: bool = True) -> str:
    """The block Countdown: the end as it is picked ("2030-12-24T18:00:00"), and the moment that Spectra makes of it."""
    settings: dict[str, object] = {"block_id": "6f7a8b9c", "endDateTime": moment}
    settings |= {"displayEndDateTime": ends} if picked else {}
    settings |= {"endDateTimeCopy": moment, "timeModified": True}
    settings |= {} if seconds else {"showSeconds": False}
    said = dict(zip(_UNITS, labels, strict=False)) if labels else {}
    settings |= {f"label{unit.title()}": label for unit, label in said.items()}
    boxes = "".join(
        f'<div class="wp-block-uagb-countdown__box wp-block-uagb-countdown__box-{unit}"><div role="timer" aria-live="off" '
        f'class="wp-block-uagb-countdown__time wp-block-uagb-countdown__time-{unit}">-</div>'
        f'<div class="wp-block-uagb-countdown__label">{_text(said.get(unit, default))}</div></div>'
        for unit, default in _UNITS.items()
    )
    return block("uagb/countdown", settings, f'<div class="wp-block-uagb-countdown uagb-block-6f7a8b9c">{boxes}</div>')


def form(
    fields: Sequence[FormField], recipient: str = "", button: str = "", message: str = "", **settings: object
) -> str:
    """The block Form."""
    number = "1f2e3d4c"
    own: dict[str, object] = {"block_id": number}
    own |= {"afterSubmitToEmail": recipient} if recipient else {}
    own |= {"submitButtonText": button} if button else {}
    own |= {"confirmationMessage": message} if message else {}
    done = message or "The form has been submitted successfully!"
    failed = "There has been some error while submitting the form. Please verify all form fields again."
    inner = "\n\n".join(_field(one, f"f{place:07}") for place, one in enumerate(fields, 1))
    html = (
        f'<div class="wp-block-uagb-forms uagb-forms__outer-wrap uagb-block-{number} uagb-forms__medium-btn">'
        f'<form class="uagb-forms-main-form" method="post" autocomplete="on" name="uagb-form-{number}">{inner}'
        '<div class="uagb-forms-form-hidden-data"><input type="hidden" class="uagb_forms_form_label" value="Spectra Form"/>'
        f'<input type="hidden" class="uagb_forms_form_id" value="uagb-form-{number}"/></div>'
        f'<div class="uagb-form-reacaptcha-error-{number}"></div>'
        '<div class="uagb-forms-main-submit-button-wrap wp-block-button">'
        '<button class="uagb-forms-main-submit-button wp-block-button__link">'
        f'<div class="uagb-forms-main-submit-button-text">{_text(button or "Submit")}</div></button></div></form>'
        f'<div class="uagb-forms-success-message-{number} uagb-forms-submit-message-hide"><span>{_text(done)}</span></div>'
        f'<div class="uagb-forms-failed-message-{number} uagb-forms-submit-message-hide"><span>{failed}</span></div></div>'
    )
    return block("uagb/forms", {**own, **settings, "variationSelected": True}, html)


def field_settings(one: FormField) -> dict[str, object]:
    """The settings of a field's block: its label, whether it is required, its choices."""
    kind = FIELDS[one.kind]
    plain = kind in ("name", "email", "url", "date", "toggle")
    required = "required" if kind in ("email", "url") else f"{kind}Required"
    label = "acceptText" if kind == "accept" else "name" if plain else f"{kind}Name"
    found: dict[str, object] = {label: one.label}
    found |= {required: True} if one.required else {}
    found |= {"options": [{"optiontitle": c, "optionvalue": c} for c in one.choices]} if one.choices else {}
    return found


def _field(one: FormField, number: str) -> str:
    """A field of a name, an e-mail address, a longer text; of the others the editor makes the HTML anew."""
    kind = FIELDS[one.kind]
    required = " required" * bool(one.required)
    if kind == "textarea":
        control = (
            f'<textarea class="uagb-forms-textarea-input uagb-forms-input"{required} rows="4" name="{number}" '
            'autocomplete="off"></textarea>'
        )
    elif kind == "email":
        control = f'<input type="email" class="uagb-forms-email-input uagb-forms-input"{required} name="{number}" autocomplete="email"/>'
    else:
        types = {"date": "date", "url": "url"}
        control = (
            f'<input type="{types.get(kind, "text")}"{required} class="uagb-forms-{kind}-input uagb-forms-input" '
            f'name="{number}" autocomplete="off"/>'
        )
    html = (
        f'<div class="wp-block-uagb-forms-{kind} uagb-forms-{kind}-wrap uagb-forms-field-set uagb-block-{number}">'
        f'<div class="uagb-forms-{kind}-label {required.strip()} uagb-forms-input-label" id="{number}">{_text(one.label)}</div>'
        f"{control}</div>"
    )
    return block(f"uagb/forms-{kind}", {"block_id": number, **field_settings(one)}, html)


def slider(slides: Sequence[Slide], pictures: Mapping[str, Picture], behind: bool = False, left: int = 0) -> str:
    """The block Slider; `behind`: pictures are the slides' backgrounds; `left` slides are those that it proposes."""
    children = [_slide(place, one, pictures, behind) for place, one in enumerate(slides)]
    for place in range(left):
        own = Slide(title=f"Slide {len(slides) + place + 1}", text=_LATIN)
        children.append(_slide(len(slides) + place, own, pictures, behind, button="Read More"))
    html = (
        '<div class="wp-block-uagb-slider uagb-block-7a1b2c3d uagb-slider-container"><div class="uagb-slides uagb-swiper">'
        f'<div class="swiper-wrapper">{chr(10).join(children)}</div></div><div class="swiper-pagination"></div>'
        '<div class="swiper-button-prev"></div><div class="swiper-button-next"></div></div>'
    )
    return block("uagb/slider", {"block_id": "7a1b2c3d"}, html)


_LATIN = (
    "Click here to change this text. Lorem ipsum dolor sit amet, consectetur adipiscing elit. Ut elit tellus, luctus nec "
    "ullamcorper mattis, pulvinar dapibus leo."
)


def _slide(place: int, one: Slide, pictures: Mapping[str, Picture], behind: bool, button: str = "") -> str:
    numbers = [f"{letter}{place:07}" for letter in "abc"]
    settings: dict[str, object] = {"block_id": numbers[0]}
    inner = ""
    if one.media and behind:
        settings |= {"backgroundType": "image", "backgroundImageDesktop": pictures[one.media]}
    elif one.media:
        picture = pictures[one.media]
        image = f'<img src="{picture["url"]}" alt="" class="wp-image-{picture["id"]}"/>'
        inner = block(
            "image",
            {"id": picture["id"], "sizeSlug": "full", "linkDestination": "none"},
            f'<figure class="wp-block-image size-full">{image}</figure>',
        )
    if one.title or one.text or not inner:
        inner += ("\n\n" if inner else "") + info_box(one.title, one.text, numbers[2], button)
    container = block(
        "uagb/container",
        {"block_id": numbers[1], "variationSelected": True},
        f'<div class="wp-block-uagb-container uagb-block-{numbers[1]}">{inner}</div>',
    )
    html = (
        f'<div class="wp-block-uagb-slider-child uagb-slider-child-wrap swiper-slide uagb-block-{numbers[0]}">'
        f'<div class="swiper-content">{container}</div></div>'
    )
    return block("uagb/slider-child", settings, html)


def info_box(title: str, text: str, number: str, button: str = "") -> str:
    """The block Info Box, without its icon."""
    settings: dict[str, object] = {"classMigrate": True, "showIcon": False, "block_id": number}
    inner = f'<div class="uagb-ifb-title-wrap"><h3 class="uagb-ifb-title">{_text(title)}</h3></div>'
    inner += f'<p class="uagb-ifb-desc">{_text(text)}</p>'
    if button:
        settings |= {"ctaType": "button", "ctaText": button, "showCtaIcon": False}
        settings |= {
            f"paddingBtn{side}": 24 if side in ("Right", "Left") else 12 for side in ("Top", "Right", "Bottom", "Left")
        }
        inner += (
            '<div class="uagb-ifb-button-wrapper wp-block-button"><a href="#" class="uagb-infobox-cta-link '
            'wp-block-button__link" target="_self" rel="noopener noreferrer" onclick="return false;">'
            f'<span class="uagb-inline-editing">{_text(button)}</span></a></div>'
        )
    html = (
        f'<div class="wp-block-uagb-info-box uagb-block-{number} uagb-infobox__content-wrap  '
        f'uagb-infobox-icon-above-title uagb-infobox-image-valign-top"><div class="uagb-ifb-content">{inner}</div></div>'
    )
    return block("uagb/info-box", settings, html)


def google_map(address: str, **settings: object) -> str:
    """The block Google Maps; without an address it stays at the one that it proposes."""
    return block("uagb/google-map", {"block_id": "3d4e5f60", **({"address": address} if address else {}), **settings})


def popup(kind: str, inner: str, **settings: object) -> str:
    """The block Popup Builder of a kind ("popup", "banner")."""
    own: dict[str, object] = {"block_id": "0a1b2c3d", "variationSelected": True, "variantType": kind}
    if kind == "popup":
        own |= {"popupPositionH": "center", "popupPositionV": "center", "popupHeight": 400}
        own |= {f"contentBorder{side}Radius": 4 for side in ("TopLeft", "TopRight", "BottomLeft", "BottomRight")}
        own |= {"contentBorderStyle": "none"}
    else:
        own |= {"popupPositionV": "flex-start", "popupHeight": 50, "hasOverlay": False, "closeIconSize": 20}
        own |= {"closeIconColor": "#ffffff", "backgroundType": "color", "backgroundColor": "#6104ff"}
    hidden = " uag-hide-desktop" if settings.get("UAGHideDesktop") else ""
    html = (
        f'<div class="wp-block-uagb-popup-builder uagb-block-0a1b2c3d{hidden} uagb-popup-builder">'
        f'<div class="uagb-popup-builder__wrapper uagb-popup-builder__wrapper--{kind}">'
        f'<div class="uagb-popup-builder__container uagb-popup-builder__container--{kind}">{inner}</div>'
        f'<button class="uagb-popup-builder__close" aria-label="Close {"Popup" if kind == "popup" else "Info Bar"}">'
        f'<svg xmlns="https://www.w3.org/2000/svg" viewBox="0 0 320 512"><path d="{_CROSS}"></path></svg></button></div></div>'
    )
    return block("uagb/popup-builder", {**own, **settings}, html)


#: The plugin's icon that closes a pop-up.
_CROSS = (
    "M310.6 361.4c12.5 12.5 12.5 32.75 0 45.25C304.4 412.9 296.2 416 288 416s-16.38-3.125-22.62-9.375L160 301.3L54.63 "
    "406.6C48.38 412.9 40.19 416 32 416S15.63 412.9 9.375 406.6c-12.5-12.5-12.5-32.75 0-45.25l105.4-105.4L9.375 "
    "150.6c-12.5-12.5-12.5-32.75 0-45.25s32.75-12.5 45.25 0L160 210.8l105.4-105.4c12.5-12.5 32.75-12.5 45.25 0s12.5 "
    "32.75 0 45.25l-105.4 105.4L310.6 361.4z"
)


def thumbnail(picture: Picture) -> str:
    """The small file of a medium."""
    sizes = picture.get("sizes") or {}
    return str(sizes["thumbnail"]["url"] if "thumbnail" in sizes else picture["url"])


def _text(text: str) -> str:
    return escape(text, quote=False)
