"""Sales 销售: what was sold, to whom, of what."""
