"""From the inbox into the ledger, the check of a file, correction copies, and where what was refused is told."""
