"""How work is done: processes, sandboxes, clusters, and what is kept between runs; plain data crosses borders."""
