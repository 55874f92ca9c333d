"""Customers' files 档案: how complete they are, what changed in them, who has not been looked over for long."""
