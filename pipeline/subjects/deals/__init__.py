"""Deals 业务洽谈: opened, in talks by stage, won and lost."""
