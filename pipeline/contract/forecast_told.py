"""What of a forecast's method is worth telling, in sentences and on sheets alike."""

SEASON_MONTHS = 13  # the least history that shows a season
FESTIVAL_MONTHS = {"spring_festival": (1, 2, 3), "mid_autumn": (9, 10)}  # the months that each of them moves
