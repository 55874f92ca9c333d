"""By which figures managers are seen by sales and by customers (`[contrast]` of a profile): keys of figures a part."""

from pydantic import BaseModel, ConfigDict, Field

PARTS = ("product", "attract", "retain", "develop")


class Contrast(BaseModel):
    """The figures of each part. Of `among` managers one is among the first, and one among the last, in a part: the
    first third and the last third where it is 3."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product: tuple[str, ...] = ()
    attract: tuple[str, ...] = ()
    retain: tuple[str, ...] = ()
    develop: tuple[str, ...] = ()
    among: int = Field(default=3, ge=2)

    def of(self, part: str) -> tuple[str, ...]:
        """The figures of one of PARTS."""
        figures: tuple[str, ...] = getattr(self, part)
        return figures
