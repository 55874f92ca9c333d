"""The months that findings are tested on are built as those of the figures are."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "figures"))
