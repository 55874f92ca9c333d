"""The steps of a month, from the ledger's rows to figures, findings, forecasts and written workbooks."""
