"""What is judged by figures is recounted as it is of a whole run."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "run"))
