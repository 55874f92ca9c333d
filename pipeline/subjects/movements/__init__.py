"""Movements 用户变动: households that are new, stopped, resumed, come back or lost; both bridges; what is kept."""
