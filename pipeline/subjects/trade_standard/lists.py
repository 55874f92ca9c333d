"""Who orders which brand: behind the figure of brand activity."""

from pipeline.contract.listing import AddedUp, Listing
from pipeline.subjects.trade_standard.brands import brand_activity, brand_counts

LISTS = {"brand_counts": Listing(brand_counts, ("manager_id", "brand"))}
ADDED_UP = {"brand_activity": AddedUp("brand_counts", brand_activity)}
