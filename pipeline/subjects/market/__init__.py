"""Market 市场: what of all banks' deposits and loans of a region is the organisation's own."""
