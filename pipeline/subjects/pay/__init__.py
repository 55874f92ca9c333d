"""Pay 薪酬: base, allowance, performance, and the deferred account; for headquarters alone."""
