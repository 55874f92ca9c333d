"""The ledger: what was accepted, the originals, and which file stands for what."""
