"""What every room may use: files, and what the machine may do to them."""
