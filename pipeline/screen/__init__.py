"""What is printed: lines and tables for the terminal."""
