"""The demo zone: fourteen months of an invented office, the same every time for the same seed.

`office` makes people, firms and groups; `year` lets days pass and visits happen; `handling` drives each
problem on. Everything goes through the operations a page would call, with the clock stopped at its moment.
"""
