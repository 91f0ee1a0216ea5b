"""Renders pages for paper as HTML in one file, and prints them as PDF in a browser without a network."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Error as PlaywrightError

from provisioner.core.errors import EvidenceLost
from provisioner.exam.room_documents import joined
from provisioner.examination.browser import candidate_browser
from provisioner.examination.report import page_templates
from provisioner.host.disk import disk_in_french, write_whole


def page(template: str, zone: ZoneInfo, **values: object) -> str:
    """Render a template of `templates/print`."""
    return page_templates(zone).get_template(f"print/{template}.html.j2").render(**values)


def write_pdfs(pages: Mapping[Path, str]) -> list[Path]:
    """Print each page of HTML as a PDF at its path; each file is written whole or not at all."""
    with candidate_browser() as browser:
        paper = browser.new_page()
        for path, html in pages.items():
            try:
                paper.set_content(html, wait_until="load")
                data = paper.pdf(prefer_css_page_size=True, print_background=True)
            except PlaywrightError as error:
                raise EvidenceLost(f"{path.name} n'a pas pu être mis en PDF ({str(error).splitlines()[0]}).") from error
            write(path, data)
    return list(pages)


def write_together(path: Path, parts: Sequence[Path]) -> Path:
    """Write several PDFs as one, in their order, so that they are printed in one go."""
    write(path, joined(parts))
    return path


def write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with disk_in_french(path.parent, EvidenceLost):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, mode=0o600)
