"""Subscriptions 用户状态: group customers and their households at the month's end, by state, with fees."""
