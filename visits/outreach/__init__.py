"""Visits to enterprises: who met whom when, what was heard, what was promised.

Owns visits, their pairs with enterprises, attendances and promises, the former wordings of visits and
drafts; leans on accounts, enterprises, programmes and issues. Start reading at `operations.record_visit`.
"""
