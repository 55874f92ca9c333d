"""Needs 客户需求: raised by customers, passed up step by step, done or refused by a department."""
