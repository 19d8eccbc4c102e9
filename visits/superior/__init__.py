"""Forms of the superior (上级报表): an office's figures go into the very workbook the superior sent.

Leans on reports. Start reading at `sources`: what a cell can hold; `filling` puts a period's values
together, `workbook` writes them into the file, in a process of its own (`child`).
"""
