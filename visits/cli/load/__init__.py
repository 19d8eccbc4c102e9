"""The load zone: years of an invented office straight into the tables, for measuring.

`store` gathers rows and writes them in bulk, `texts` invents words, `office` makes people and firms,
`course` drives one problem through its life (`pressing`: orders and
meetings, `links`: what the enterprise is given), `years` lets the days pass. Nothing goes through the
operations that pages call, so the rows must agree by themselves: a problem's state is the fold of its
moves, limits follow the calendar, what is closed was evaluated.
"""
