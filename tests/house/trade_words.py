"""The words of a trade, and where they stand in the engines: in names, in texts, and in what is said about them."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from shape import ROOT

# Where a trade may be spoken of: in its own folder, in the subjects that it uses, in the forms.
OF_TRADES = ("trades", "subjects")
# What only one trade says, as it stands in names and in English.
NAMES = re.compile(
    r"carton|brand(?!-?new)|cigarette|tobacco|wholesale|guide.price|price.tag|display_(?:ok|rate|low)|display rate",
    re.I,
)
# In Chinese. 条 and 箱 are units after a number, a bracket or a slash, and alone; elsewhere they are lines and boxes.
CHINESE = re.compile(
    r"烟|品牌|价类|零售指导价|明码|陈列|价签|守法"
    r"|(?:[\d(（/·、每}]|^|\")\s*条(?=$|[·/、，；。,.;)）！\"])"
    r"|(?:[\d(（/·、}]|^|\")\s*箱(?=$|[·/、，；。,.;)）！\"])"
)


def spoken(root: Path) -> Iterator[tuple[str, str]]:
    """Each line of an engine in which a trade is spoken of: the room it is in, and where and what it is."""
    for path in sorted((root / "pipeline").rglob("*")):
        place = path.relative_to(root)
        if path.suffix in (".py", ".toml") and place.parts[1] not in OF_TRADES:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if NAMES.search(line) or CHINESE.search(line):
                    yield place.parts[1], f"{place}:{number}: {line.strip()}"


if __name__ == "__main__":
    found = list(spoken(ROOT))
    print(*(line for _, line in found), sep="\n")
    print(Counter(room for room, _ in found))
