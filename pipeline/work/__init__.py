"""How work is done: what is kept between runs and sent between processes is plain data."""
