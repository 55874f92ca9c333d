"""Who the made-up customers of a power bureau are: class, kind, users, name, and what they use in an average month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.demo.chance import in_language, stream
from pipeline.demo.people import Organisation
from pipeline.demo.trade import Pair


@dataclass(frozen=True)
class Kind:
    """A kind of customer: its class; how many users it has, from and to; kWh a month and user, from and to, by tariff
    class; and what its customers are called."""

    grade: str
    users: tuple[int, int]
    kwh: Mapping[str, tuple[float, float]]
    names: Sequence[Pair]


@dataclass(frozen=True)
class Supply:
    """What the demo's energy is made of: kinds by key; yuan a kWh by tariff class; by tariff class and month of the
    year how much more than usual is used.

    In the region of the number `growing` the energy of the first class grows by `growth` a month; one customer of it
    uses hardly anything in the last `stopped` months.
    """

    kinds: Mapping[str, Kind]
    price_yuan: Mapping[str, float]
    season: Mapping[str, Mapping[int, float]]
    growing: int
    growth: float
    stopped: int


def clients(organisation: Organisation) -> pd.DataFrame:
    """One row per customer that ever was, by customer_id: grade, channel, users (missing where it is one that nobody
    wrote down), customer_name, region (its number), and kWh a month by tariff class (0: none)."""
    supply: Supply = organisation.trade.material["energy"]
    chance = stream(organisation.seed, "clients")
    customers = organisation.customers
    regions = {code: number for number, code in enumerate(organisation.regions["region_id"])}
    region = customers["manager_id"].map(organisation.region_of).map(regions)
    kinds = customers["channel"].astype(str)
    rows = [_client(chance, supply, kind, number, organisation) for number, kind in enumerate(kinds)]
    told = pd.DataFrame(rows, index=pd.Index(customers["customer_id"], name="customer_id"))
    return told.assign(region=region.to_numpy(), channel=customers["channel"].to_numpy())


def _client(
    chance: np.random.Generator, supply: Supply, channel: str, number: int, organisation: Organisation
) -> dict[str, object]:
    kind = supply.kinds[channel]
    users = int(chance.integers(kind.users[0], kind.users[1] + 1))
    size = float(chance.lognormal(0, 0.3))
    used = {
        tariff: users * size * float(chance.uniform(*kind.kwh[tariff])) if tariff in kind.kwh else 0.0
        for tariff in supply.price_yuan
    }
    name = in_language(kind.names[number % len(kind.names)], organisation.language)
    place = str(organisation.customers["customer_name"].iloc[number])
    written_down = users > 1 or chance.random() < 0.6  # most write 1, some leave the cell empty
    return {
        "grade": kind.grade,
        "users": users if written_down else None,
        "customer_name": f"{place}{name}" if organisation.language == "zh" else _english(place, name),
        **used,
    }


def _english(place: str, name: str) -> str:
    """The kind of customer between its own name and the street: Fuxing Mill, Wenyi Road."""
    own, _, street = place.partition(",")
    return f"{own.strip()} {name},{street}"
