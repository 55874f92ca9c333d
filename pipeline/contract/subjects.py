"""Which subjects there are, the folders of `pipeline/subjects/`, and what parts each brings.

A part is a module of a subject under a name that all subjects share: `figures`, `lists`, `rules`, `themes`, `sheets`.
Whoever needs one imports it by a name put together, f"pipeline.subjects.{subject}.figures", so that no engine knows a
subject; the keys of the graph read such imports (`pipeline.work.imports`).
"""

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.profile import Profile


SUBJECTS = "pipeline.subjects"


@cache
def all_subjects() -> tuple[str, ...]:
    """Every subject that there is, by name."""
    folder = resources.files(SUBJECTS)
    return tuple(sorted(one.name for one in folder.iterdir() if (one / "__init__.py").is_file()))


@cache
def subjects_with(part: str) -> tuple[str, ...]:
    """The subjects that bring a part."""
    folder = resources.files(SUBJECTS)
    return tuple(name for name in all_subjects() if (folder / name / f"{part}.py").is_file())


def subjects_in_use(profile: "Profile") -> tuple[str, ...]:
    """The subjects of a trade: those that it names, in its order, and those of the forms that it uses."""
    named = dict.fromkeys((*profile.subjects, *(subject_of(form, profile) for form in profile.forms)))
    return tuple(name for name in named if name in all_subjects())


def subject_of(form: str, profile: "Profile") -> str:
    """The subject that tells of a form: the one of its name, or the one that the trade has in its place."""
    own = profile.own_forms.get(form)
    return form if own is None or not own.subject else own.subject
