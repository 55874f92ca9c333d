"""A city's month: the measure of the whole, from files in the inbox to workbooks in the output folder."""
