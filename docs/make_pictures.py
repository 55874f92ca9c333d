"""Pictures for the README: demo workbooks printed through LibreOffice, the pages that show most kept as PNG.

    python docs/make_pictures.py HOME [MONTH]

HOME holds a finished run in Chinese (`yuebao demo --home HOME && yuebao monthly --home HOME`), of whichever trade;
MONTH (YYYY-MM) is its last one unless named. Needs `soffice` and poppler's `pdftotext`, `pdftoppm` and `pdfseparate`.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pipeline.contract.settings import load_settings

PICTURES = Path(__file__).resolve().parent / "pictures"
TOOLS = ("soffice", "pdftotext", "pdftoppm", "pdfseparate")
DOTS_AN_INCH = 130
SECONDS = 300


@dataclass(frozen=True)
class Picture:
    """One picture: its name, the first workbook of a kind (a pattern below the month), words of the page's title."""

    name: str
    pattern: str
    title: str = ""


CHOSEN = {
    "tobacco": (
        Picture("region-overview", "regions/*.xlsx", "市场月报"),
        Picture("manager-sales", "managers/*.xlsx", "（一）"),
        Picture("correction-list", "corrections/*.xlsx", "错误清单"),
        Picture("headquarters-overview", "headquarters.xlsx", "市场月报汇总"),
    ),
    "cable": (Picture("cable-overview", "regions/*_R04_*.xlsx", "市场月报"),),
    "agency": (Picture("agency-overview", "regions/*_R02_*.xlsx", "市场月报"),),
    "power": (Picture("power-overview", "regions/*_R01_*.xlsx", "客户服务月报"),),
    "bank": (Picture("bank-overview", "regions/*_R01_*.xlsx", "客户经营月报"),),
}


class PictureError(Exception):
    """A picture that cannot be made, in words for whoever asked for it."""


def last_month(home: Path) -> Path:
    """The folder of the last month written; raises PictureError when there is none."""
    months = sorted(home.glob("output/????-??"))
    if not months:
        raise PictureError(f"{home}: no month was written; run `yuebao demo` and `yuebao monthly` first")
    return months[-1]


def workbook_of(picture: Picture, month: Path) -> Path:
    """The first workbook of the picture's kind; raises PictureError when the month has none."""
    found = sorted(month.glob(picture.pattern))
    if not found:
        raise PictureError(f"{month}: no {picture.pattern}")
    return found[0]


def printed(workbook: Path, folder: Path) -> Path:
    """The workbook as LibreOffice prints it."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(workbook))
    return folder / f"{workbook.stem}.pdf"


def page_number(pdf: Path, title: str) -> int:
    """The first page whose first line has these words, counted from 1; raises PictureError when none does."""
    pages = run("pdftotext", "-layout", str(pdf), "-").split("\f")
    for number, page in enumerate(pages, 1):
        if title in page.lstrip().partition("\n")[0]:
            return number
    raise PictureError(f"{pdf.name}: no page is headed {title}")


def draw(picture: Picture, month: Path, folder: Path) -> None:
    """Writes the picture's page as PNG beside the others."""
    pdf = printed(workbook_of(picture, month), folder)
    page = str(page_number(pdf, picture.title))
    target = PICTURES / picture.name
    single = folder / f"{picture.name}.pdf"
    run("pdfseparate", "-f", page, "-l", page, str(pdf), str(single))
    run("pdftoppm", "-png", "-r", str(DOTS_AN_INCH), "-singlefile", str(single), str(target))


def run(*command: str) -> str:
    """What a tool printed; raises CalledProcessError when it failed."""
    done = subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    return done.stdout.decode("utf-8")


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    try:
        if missing:
            raise PictureError(f"not installed: {', '.join(missing)}")
        home = Path(arguments[0]).resolve()
        month = home / "output" / arguments[1] if len(arguments) > 1 else last_month(home)
        with tempfile.TemporaryDirectory() as folder:
            for picture in CHOSEN[load_settings(home).profile.key]:
                draw(picture, month, Path(folder))
                print(PICTURES / f"{picture.name}.png")
    except PictureError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
