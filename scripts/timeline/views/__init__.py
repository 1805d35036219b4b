"""The collection in the orders in which readers meet it: lists, months, facets."""
