"""The power bureau 供电: county bureaus with stations, customers of three classes, needs, service orders and engineers."""
