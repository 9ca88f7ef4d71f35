"""The demonstration: "Jobcenter Musterkreis", its people and what they have learnt, made by the product's own actions.

It knows all features and none knows it. Names, dates and texts are invented.
"""
