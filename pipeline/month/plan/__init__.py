"""What needs what: every step of a month, with the nodes that it is made of. Nothing else knows.

A node's given values are a month first (but for sources), then earlier months, regions, names. Regions are a tuple, for
them and their managers, or None for the organisation by itself.
"""
