"""Prospects 商业门店摸排: places surveyed, put on file, signed."""
