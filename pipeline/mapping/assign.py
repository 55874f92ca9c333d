"""Which heading is which column: each heading once, the surest first, by its words and by what stands below it."""

from collections.abc import Mapping

from pipeline.intake.heading_units import other_unit
from pipeline.mapping.headers import Header, Vocabulary
from pipeline.mapping.proposal import FoundColumn
from pipeline.mapping.samples import Known, fit, of_master
from pipeline.mapping.vocabulary import columns_of, fitting
from schemas.columns import NUMBERS, Column
from schemas.form import Form
from schemas.profile import Profile

LEAST = 0.45  # below this a heading is no column
NEARLY = 0.06  # how much less sure another heading may be to be named beside the one that is taken
OTHER_UNIT = 0.9  # of a heading that counts in another unit than the form
BY_CODES = 0.7  # of a column whose cells are the codes of a list, whatever its heading


def assigned(
    header: Header, form: Form, forms: Mapping[str, Form], known: Vocabulary, profile: Profile, lists: Known
) -> dict[str, tuple[int, FoundColumn]]:
    """For each column that is found its place and how sure it is."""
    columns = {one.name: one for one in columns_of(form, forms)}
    scores = _scores(header, columns, known, profile, lists)
    taken: dict[str, tuple[int, FoundColumn]] = {}
    used: set[int] = set()
    for sure, place, name in sorted(
        ((sure, -place, name) for (place, name), sure in scores.items()), reverse=True
    ):
        at = -place
        if name in taken or at in used or sure < LEAST:
            continue
        used.add(at)
        others = [
            other
            for (other, column), own in scores.items()
            if column == name and other != at and own >= max(sure - NEARLY, LEAST)
        ]
        texts = header.texts
        found = FoundColumn(
            name, (_named(texts, at),), round(sure, 2), tuple(_named(texts, one) for one in others)
        )
        taken[name] = (at, found)
    return taken


def _scores(
    header: Header, columns: Mapping[str, Column], known: Vocabulary, profile: Profile, lists: Known
) -> dict[tuple[int, str], float]:
    scores: dict[tuple[int, str], float] = {}
    for place, text in enumerate(header.texts):
        cells = header.cells(place)
        if not text or len(text) > 60:
            continue
        fits = fitting(text, known)
        for name, words in fits.items():
            column = columns[name]
            score = words * _weight(fit(cells, column, profile, lists))
            if column.kind in NUMBERS and other_unit(text.split("/")[-1], column, ()):
                score *= OTHER_UNIT
            scores[place, name] = score
        for name, column in columns.items():
            if column.refers_to in lists.codes and cells and of_master(cells, column.refers_to, lists) > 0.9:
                scores[place, name] = max(scores.get((place, name), 0.0), BY_CODES)
    return scores


def _weight(share: float) -> float:
    """What a share of fitting cells is worth: a few odd cells do not matter, most of them do."""
    return 1.0 if share >= 0.8 else 0.2 + share


def _named(texts: list[str], place: int) -> str:
    """A heading as the settings name it: with its number, where several columns are called so."""
    same = [number for number, text in enumerate(texts) if text == texts[place]]
    return texts[place] if len(same) == 1 else f"{texts[place]}#{same.index(place) + 1}"
