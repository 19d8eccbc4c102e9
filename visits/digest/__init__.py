"""What each person has to do, once a working day: the morning digest and the ladder of reminders.

Start reading at `queries`, which gathers a person's items; `jobs` makes and sends them.
"""
