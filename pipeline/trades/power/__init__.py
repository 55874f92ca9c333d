"""The power bureau 供电: county bureaus with stations, customers of three classes, needs, orders and engineers."""
