"""The folders of an organisation's home."""

INBOX = "inbox"  # where files are dropped; the settings may place it elsewhere
LEDGER = "ledger"
ARCHIVE = "archive"
OUTPUT = "output"
UNPACKED = "unpacked"  # in the archive: the zips and mails out of which files came
SENT = "sent"
PLANS = "plans"  # the plans of visits as they were issued, week by week
OWN_FOLDERS = (LEDGER, ARCHIVE, OUTPUT, SENT, PLANS)  # nobody drops anything there
SETTINGS_FILE = "yuebao.toml"
