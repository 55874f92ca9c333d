"""The customer service committee 客户服务委员会: what its monthly meeting looks at, and what was decided so far."""
