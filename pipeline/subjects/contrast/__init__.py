"""The contrast 对照: each manager by what is sold and by customers attracted, retained and developed."""
