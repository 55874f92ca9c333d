"""Energy 用电量: what customers used and paid, by tariff class, by class and kind of customer."""
