"""The trades: a folder each, with what makes one: `trade.toml`, in the words of `schemas.profile.Profile`."""
