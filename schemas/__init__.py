"""The forms: one module each, with labels, types, units and rules; nothing else knows a column's rules."""
