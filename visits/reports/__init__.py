"""Totals: what was visited, what was heard, what came of it, each number with the rows it counts.

Owns no table; reads across all slices. Start reading at `measures`, the table of figures.
"""
