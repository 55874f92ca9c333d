"""placeholder"""

SETTINGS = """
organisation = "甲银行"
language = "{language}"

[profile]
name = "bank"
least_count = 1
"""
