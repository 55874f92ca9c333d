"""Drafts 文稿与初稿: written, shown, accepted or gone round again."""
