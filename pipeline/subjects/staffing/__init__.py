"""Staffing 人员配备: what each outlet is asked to have by rule, what is there, and the gap."""
