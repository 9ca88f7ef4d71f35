"""Agreed qualifications: the list, proposing, confirming, ending."""
