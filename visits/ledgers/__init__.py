"""Ledgers (台账) of visits, problems and enterprises: lists with the columns of an office, and their files.

Large files are made by a process of their own and lie in a folder until they expire. Start reading at
`books`, the table of ledgers; how a file is made is in `making`.
"""
