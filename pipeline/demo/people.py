"""The organisation: its regions, managers, customers and products, and how they change over the months."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.base.calendar import Month, months_between
from pipeline.demo.chance import draw, draw_texts, in_language, stream
from pipeline.demo.names import GIVEN_NAMES, REGIONS, SHOP_NAMES, STREETS, SURNAMES
from pipeline.demo.trade import Trade
from pipeline.words import Language
from schemas.in_use import no_rows

FEWEST_IN_A_REGION, MOST_IN_A_REGION = 3, 10  # managers
MOVED_SHARE = 0.02
SILENT_SHARE, SILENT_MONTHS = 0.02, 3
PRODUCTS_TAKEN = 0.6  # share of the products that a customer ever orders
NEVER = 10**6  # a month number that does not come


@dataclass(frozen=True)
class Organisation:
    """Everything about the organisation that does not hang on one month.

    `customers` is one row per customer that ever was: the columns of the master form; `moves_in`, the number
    of the month (0 is the first) in which `moves_to` takes it over; `paused_from` and `paused_until` likewise,
    and `silent_from`, from when on it orders nothing though nobody said that it left;
    `weekly_units` asked for in an average week; `growth` a month. `tastes` is customers × products: how much
    each is asked for by each, 0 where never. `growth_of_manager` is the growth a month of a manager's customers.
    """

    trade: Trade
    language: Language
    seed: int
    months: tuple[Month, ...]
    regions: pd.DataFrame
    managers: pd.DataFrame
    products: pd.DataFrame
    customers: pd.DataFrame
    tastes: np.ndarray

    def number(self, month: Month) -> int:
        """Which month of the story it is, counted from 0."""
        return month - self.months[0]

    @property
    def region_of(self) -> dict[str, str]:
        """The region of each manager, by manager_id."""
        return dict(zip(self.managers["manager_id"], self.managers["region_id"], strict=True))

    @property
    def slack_manager(self) -> str:
        """The manager who visits too little."""
        return str(self.managers["manager_id"].iloc[len(self.managers) // 2])

    @property
    def sinking_region(self) -> str:
        """The region whose satisfaction falls."""
        return str(self.regions["region_id"].iloc[-1])


def make_organisation(
    trade: Trade, language: Language, seed: int, months: tuple[Month, ...], managers: int, customers: int
) -> Organisation:
    """An organisation with that many managers and, when it begins, that many customers for each."""
    chance = stream(seed, "people")
    regions = _regions(chance, trade, language, managers)
    manager_rows = _managers(chance, trade, language, managers, len(regions), months[0])
    customer_rows = _customers(stream(seed, "customers"), trade, language, manager_rows, months, customers)
    products = _products(trade, language)
    tastes = _tastes(stream(seed, "tastes"), trade, customer_rows)
    return Organisation(trade, language, seed, months, regions, manager_rows, products, customer_rows, tastes)


def customers_in(organisation: Organisation, month: Month) -> pd.DataFrame:
    """The customers known in a month: as in the master form of that month, and the hidden columns.

    The index is the customer's row in `organisation.customers` and `tastes`.
    """
    end = pd.Timestamp(month.last_day)
    known = organisation.customers[organisation.customers["joined_on"] <= end].copy()
    number = organisation.number(month)
    paused = (known["paused_from"] <= number) & (number < known["paused_until"])
    left = known["left_on"] <= end
    known["manager_id"] = known["manager_id"].where(known["moves_in"] > number, known["moves_to"])
    known["left_on"] = known["left_on"].where(left)
    known["status"] = np.select([left, paused], ["left", "paused"], "active")
    return known


def trading_in(organisation: Organisation, month: Month) -> pd.DataFrame:
    """The customers that may trade on some day of the month, as `customers_in` gives them."""
    known = customers_in(organisation, month)
    here = known["left_on"].isna() | (known["left_on"] >= pd.Timestamp(month.first_day))
    return known[here & (known["status"] != "paused")]


def masters_in(organisation: Organisation, month: Month) -> dict[str, pd.DataFrame]:
    """The master data of a month, without targets, in the types of their forms."""
    frames = {
        "regions": organisation.regions,
        "managers": organisation.managers,
        "customers": customers_in(organisation, month),
        "products": organisation.products,
    }
    return {key: as_form(key, frame) for key, frame in frames.items()}


def as_form(key: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of a form, in its order and types, with a fresh index."""
    dtypes = no_rows(key).dtypes.to_dict()
    return rows.reindex(columns=list(dtypes)).astype(dtypes).reset_index(drop=True)


def _region_count(trade: Trade, managers: int) -> int:
    """The trade's own regions, as far as there are managers for them; else one of every three managers up to as many as
    towns have names, then one of every ten."""
    if trade.regions:
        return min(len(trade.regions), managers)
    return max(1, min(len(REGIONS), managers // FEWEST_IN_A_REGION), managers // MOST_IN_A_REGION)


def _region_id(number: int, count: int) -> str:
    return f"R{number + 1:0{max(2, len(str(count)))}d}"


def _region_name(trade: Trade, number: int, language: Language) -> str:
    """The names in turn, with a number from the second round on."""
    names = trade.regions or REGIONS
    around, place = divmod(number, len(names))
    name = in_language(names[place], language)
    return f"{name} {around + 1}" if around else name


def _regions(chance: np.random.Generator, trade: Trade, language: Language, managers: int) -> pd.DataFrame:
    count = _region_count(trade, managers)
    ids = [_region_id(number, count) for number in range(count)]
    return pd.DataFrame(
        {
            "region_id": ids,
            "region_name": [_region_name(trade, number, language) for number in range(count)],
            "regional_manager": _person_names(chance, language, count),
            "email": [f"{one.lower()}@example.com" for one in ids],
        }
    )


def _managers(
    chance: np.random.Generator, trade: Trade, language: Language, count: int, regions: int, first: Month
) -> pd.DataFrame:
    width = max(3, len(str(count)))
    ids = [f"M{number:0{width}d}" for number in range(1, count + 1)]
    started = pd.Timestamp(first.first_day) - pd.to_timedelta(chance.integers(100, 3000, count), unit="D")
    return pd.DataFrame(
        {
            "manager_id": ids,
            "manager_name": _person_names(chance, language, count),
            "region_id": [_region_id(number * regions // count, regions) for number in range(count)],
            "role": np.where(chance.random(count) < 0.25, *trade.roles),
            "email": [f"{one.lower()}@example.com" for one in ids],
            "started_on": started,
            "left_on": pd.NaT,
        }
    )


def _person_names(chance: np.random.Generator, language: Language, count: int) -> list[str]:
    """Names of people, different ones as far as they go."""
    pairs = [(surname, given) for given in GIVEN_NAMES for surname in SURNAMES]
    chosen = [pairs[number % len(pairs)] for number in chance.permutation(max(count, len(pairs)))[:count]]
    between = "" if language == "zh" else " "
    return [
        between.join((in_language(surname, language), in_language(given, language))) for surname, given in chosen
    ]


def _products(trade: Trade, language: Language) -> pd.DataFrame:
    """The columns of the form, and `group` and `price_yuan`, whatever the form calls them."""
    products = pd.DataFrame(
        {
            "product_id": [f"P{number:03d}" for number in range(1, len(trade.products) + 1)],
            "product_name": [in_language(product.name, language) for product in trade.products],
            "group": [in_language(product.group, language) for product in trade.products],
            "category": [product.category for product in trade.products],
            "price_yuan": [product.price_yuan for product in trade.products],
            "retail_price": [product.retail_yuan for product in trade.products],
            "is_key": [product.is_key for product in trade.products],
        }
    )
    return products.assign(**{column: products[name] for column, name in trade.product_columns.items()})


def _customers(
    chance: np.random.Generator,
    trade: Trade,
    language: Language,
    managers: pd.DataFrame,
    months: tuple[Month, ...],
    per_manager: int,
) -> pd.DataFrame:
    """Every customer that ever was: those there from the start, then those who joined, month by month."""
    first = len(managers) * per_manager
    joiners = chance.poisson(first * trade.joiners_a_month, len(months) - 1)
    count = first + int(joiners.sum())
    owner = np.concatenate(
        [np.repeat(np.arange(len(managers)), per_manager), chance.integers(0, len(managers), count - first)]
    )
    drawn = _drawn_to_where_it_grows(trade, managers, months, joiners, first)
    owner = np.where(drawn >= 0, drawn, owner)
    grade = draw(chance, trade.grade_shares, count)
    channel = draw(chance, trade.channel_shares, count)
    size = pd.Series(grade).map(dict(trade.weekly_units)).to_numpy(dtype="float64")
    rows = pd.DataFrame(
        {
            "customer_id": _customer_codes(trade, managers, owner),
            "customer_name": _shop_names(chance, trade, language, channel),
            "manager_id": managers["manager_id"].to_numpy()[owner],
            "grade": grade,
            "channel": channel,
            "area": draw(chance, trade.area_shares, count),
            "contact": _contacts(chance, language, count),
            "phone": [f"0571{number:07d}" for number in range(1, count + 1)],
            "address": _addresses(chance, trade, language, drawn >= 0),
            "visit_weekday": (chance.integers(1, 6, count)).astype(str),
            "order_weekday": chance.integers(0, 5, count),
            "weekly_units": size * chance.lognormal(0, 0.35, count),
            "growth": chance.normal(0.002, 0.010, count) + chance.normal(0, 0.006, len(managers))[owner],
        }
    )
    return pd.concat([rows, _comings_and_goings(chance, trade, rows, managers, months, joiners)], axis=1)


def _drawn_to_where_it_grows(
    trade: Trade, managers: pd.DataFrame, months: tuple[Month, ...], joiners: np.ndarray, first: int
) -> np.ndarray:
    """For each customer, of whom `first` were there from the start, the number of the manager whom it joins as it is
    where the trade grows of late; -1 for the others. The share is kept evenly, without chance."""
    nobody = np.full(first + int(joiners.sum()), -1)
    grows = trade.growing
    regions = managers["region_id"].unique()
    if grows is None or grows.region >= len(regions):
        return nobody
    team = np.flatnonzero(managers["region_id"] == regions[grows.region])
    month_of = np.repeat(np.arange(1, len(months)), joiners)
    of_late = first + np.flatnonzero(month_of >= len(months) - grows.months)
    counted = np.floor(np.arange(len(of_late) + 1) * grows.share)
    chosen = of_late[np.diff(counted) > 0]
    nobody[chosen] = team[np.arange(len(chosen)) % len(team)]
    return nobody


def _comings_and_goings(
    chance: np.random.Generator,
    trade: Trade,
    rows: pd.DataFrame,
    managers: pd.DataFrame,
    months: tuple[Month, ...],
    joiners: np.ndarray,
) -> pd.DataFrame:
    """When customers joined, left, paused, and passed to another manager of the region."""
    count, first = len(rows), len(rows) - int(joiners.sum())
    starts = np.array([month.first_day for month in months], dtype="datetime64[ns]")
    joined_number = np.repeat(np.arange(1, len(months)), joiners)
    joined = np.concatenate(
        [
            starts[0] - chance.integers(60, 5000, first) * np.timedelta64(1, "D"),
            starts[joined_number] + chance.integers(0, 20, count - first) * np.timedelta64(1, "D"),
        ]
    )
    since = np.concatenate([np.zeros(first, dtype=int), joined_number])
    leaves_in = since + chance.geometric(trade.leavers_a_month, count)
    leaves = leaves_in < len(months)
    left = starts[np.minimum(leaves_in, len(months) - 1)] + chance.integers(5, 27, count) * np.timedelta64(1, "D")
    pauses = (chance.random(count) < trade.paused_share) & ~leaves
    paused_from = np.where(pauses, since + chance.integers(1, len(months) + 1, count), NEVER)
    falls_silent = (chance.random(count) < SILENT_SHARE) & ~leaves & ~pauses & (since == 0)
    moves = (chance.random(count) < MOVED_SHARE) & (len(months) > 1)
    return pd.DataFrame(
        {
            "joined_on": joined,
            "left_on": pd.Series(left).where(leaves),
            "paused_from": paused_from,
            "paused_until": paused_from + chance.integers(2, 5, count),
            "silent_from": np.where(falls_silent, len(months) - SILENT_MONTHS, NEVER),
            "moves_in": np.where(moves, chance.integers(1, max(2, len(months)), count), NEVER),
            "moves_to": _colleague(trade, managers, rows["manager_id"]),
        }
    )


def _colleague(trade: Trade, managers: pd.DataFrame, owners: pd.Series) -> np.ndarray:
    """For each manager the next one of the same region, or of all; the manager, where there is no other."""
    follower: dict[str, str] = {}
    teams = [managers] if trade.moves_between_regions else [team for _, team in managers.groupby("region_id")]
    for team in teams:
        ids = team["manager_id"].tolist()
        follower.update(zip(ids, ids[1:] + ids[:1], strict=True))
    return owners.map(follower).to_numpy()


def _customer_codes(trade: Trade, managers: pd.DataFrame, owner: np.ndarray) -> list[str]:
    """The trade's codes; else twelve digits: district, then a number; those of the first region begin with a zero."""
    if trade.customer_code:
        return [trade.customer_code.format(number) for number in range(1, 1 + len(owner))]
    region = managers["region_id"].str[1:].astype(int).to_numpy()[owner]
    district = np.where(region == 1, 30101, 330100 + region)
    return [
        f"{place:06d}{number:06d}"
        for place, number in zip(district, range(100001, 100001 + len(owner)), strict=True)
    ]


def _shop_names(chance: np.random.Generator, trade: Trade, language: Language, channel: np.ndarray) -> np.ndarray:
    names = draw_texts(chance, SHOP_NAMES, language, len(channel))
    places = draw_texts(chance, STREETS, language, len(channel))
    kinds = np.empty(len(channel), dtype=object)
    for key, words in trade.shop_words.items():
        here = channel == key
        kinds[here] = draw_texts(chance, words, language, int(here.sum()))
    if language == "zh":
        return places + names + kinds  # type: ignore[no-any-return]
    return names + " " + kinds + ", " + places  # type: ignore[no-any-return]


def _contacts(chance: np.random.Generator, language: Language, count: int) -> np.ndarray:
    surnames = draw_texts(chance, SURNAMES, language, count)
    given = draw_texts(chance, GIVEN_NAMES, language, count)
    return surnames + given if language == "zh" else surnames + " " + given  # type: ignore[no-any-return]


def _addresses(
    chance: np.random.Generator, trade: Trade, language: Language, in_new_street: np.ndarray
) -> list[str]:
    count = len(in_new_street)
    streets = draw_texts(chance, STREETS, language, count)
    if trade.growing is not None:
        streets[in_new_street] = in_language(trade.growing.street, language)
    numbers = chance.integers(1, 300, count)
    pairs = zip(streets, numbers, strict=True)
    return [f"{street}{number}号" if language == "zh" else f"{number} {street}" for street, number in pairs]


def _tastes(chance: np.random.Generator, trade: Trade, customers: pd.DataFrame) -> np.ndarray:
    """Customers × products: gamma-distributed likings, dear products with large shops, many never ordered."""
    shape = (len(customers), len(trade.products))
    if not trade.products:
        return np.zeros(shape)
    pull = np.array([product.pull for product in trade.products])
    price = np.array([product.price_yuan for product in trade.products])
    grade = customers["grade"].astype(int).to_numpy()[:, None]
    dear = np.exp((3 - grade) * 0.25 * np.log(price / 120)[None, :])
    liked = chance.gamma(1.5, 1.0, shape) * pull * dear
    liked[chance.random(shape) > PRODUCTS_TAKEN] = 0
    nothing = liked.sum(axis=1) == 0
    liked[nothing, 0] = 1
    return liked  # type: ignore[no-any-return]


def history(end: Month, months: int) -> tuple[Month, ...]:
    """The `months` months that end with `end`."""
    return months_between(end + (1 - months), end)
