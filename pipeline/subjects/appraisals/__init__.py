"""Appraisals 考评: of managers and engineers by quarter and year, by weights of the profile; the best of a region."""
