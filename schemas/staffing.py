"""What staffing is asked by, as the profile says it (`[staffing]`); all numbers are examples."""

from pydantic import BaseModel, ConfigDict, Field

SUB_BRANCH, AGENCY, BUSINESS, COUNTY = "sub_branch", "agency", "business", "county"  # kinds of outlets
CUSTOMER_MANAGERS = ("retail", "corporate", "credit", "wealth", "lobby")


class Staffing(BaseModel):
    """`credit_of_business` credit managers for each business department; a lobby manager is full-time from
    `lobby_area_m2` (where the site is prime and busy); one wealth manager for `customers_a_wealth_manager` converted
    large customers; one product manager for `managers_a_product_manager` of the roles `customer_managers`, up for
    competition after `years_in_post`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    credit_of_business: int = Field(default=3, ge=0)
    lobby_area_m2: float = Field(default=200, ge=0)
    customers_a_wealth_manager: int = Field(default=300, ge=1)
    managers_a_product_manager: int = Field(default=3, ge=1)
    customer_managers: tuple[str, ...] = CUSTOMER_MANAGERS
    years_in_post: int = Field(default=1, ge=0)
