"""Promotions 宣传促销: customers settled, things issued and signed for, and what came of it."""
