"""Workbooks on paper: printed by LibreOffice to PDF, each page's text and how far down it is filled."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from pipeline.workbooks.blocks import WorkbookPlan
from pipeline.workbooks.write import write_workbook

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
TO_TEXT, TO_PICTURES = shutil.which("pdftotext"), shutil.which("pdftoppm")
NEEDS_OFFICE = pytest.mark.skipif(
    not (OFFICE and TO_TEXT and TO_PICTURES), reason="LibreOffice and poppler's tools are not installed"
)
SECONDS = 300
DOTS_AN_INCH = 40
FOOTER = 0.945  # of the page's height: below stands the footer
INK = 225  # of 255: what is darker is ink


@dataclass(frozen=True)
class Page:
    """A printed page: its text, and down to which part of its height something is printed above the footer."""

    text: str
    filled: float

    @property
    def first_line(self) -> str:
        """The title of its sheet, and what stands beside it."""
        return next((line.strip() for line in self.text.splitlines() if line.strip()), "")


def themes(plan: WorkbookPlan, pages: list[Page]) -> Iterator[tuple[str, list[Page]]]:
    """The pages of each sheet, which begin with its title."""
    for sheet in plan.sheets:
        yield sheet.title, [one for one in pages if one.first_line.startswith(sheet.title)]


def printed(plans: Mapping[str, WorkbookPlan], folder: Path) -> dict[str, list[Page]]:
    """The pages of each workbook."""
    return {name: _pages(pdf) for name, pdf in as_pdf(plans, folder).items()}


def as_pdf(plans: Mapping[str, WorkbookPlan], folder: Path, seconds: float = SECONDS) -> dict[str, Path]:
    """Each workbook as it is printed."""
    for name, plan in plans.items():
        write_workbook(plan, folder / f"{name}.xlsx")
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    files = [str(folder / f"{name}.xlsx") for name in plans]
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=seconds)
    return {name: folder / f"{name}.pdf" for name in plans}


def page_texts(pdf: Path, seconds: float = SECONDS) -> list[str]:
    """The text of each page."""
    said = subprocess.run(
        [str(TO_TEXT), "-layout", str(pdf), "-"], check=True, capture_output=True, timeout=seconds
    )
    return said.stdout.decode("utf-8").split("\f")[:-1]


def _pages(pdf: Path) -> list[Page]:
    texts = page_texts(pdf)
    pictures = pdf.with_suffix("")
    drawn = [str(TO_PICTURES), "-gray", "-r", str(DOTS_AN_INCH), str(pdf), str(pictures)]
    subprocess.run(drawn, check=True, capture_output=True, timeout=SECONDS)
    files = sorted(pdf.parent.glob(f"{pictures.name}-*.pgm"))
    return [Page(text, _filled(file.read_bytes())) for text, file in zip(texts, files, strict=True)]


def _filled(picture: bytes) -> float:
    """Down to which part of its height a page is printed; the picture is of the kind "portable grey map"."""
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", picture)
    assert head is not None
    width, height = int(head[1]), int(head[2])
    dots = np.frombuffer(picture[head.end() :], dtype=np.uint8).reshape(height, width)
    rows = np.flatnonzero((dots[: int(height * FOOTER)] < INK).any(axis=1))
    return float(rows[-1]) / height if len(rows) else 0.0
