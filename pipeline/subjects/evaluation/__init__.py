"""The evaluation of customers 综合测评, and what it leads to."""
