"""Satisfaction 满意度: the survey, its dimensions and its index."""
