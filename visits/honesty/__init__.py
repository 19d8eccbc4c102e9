"""Honest records: questions about visits, put to their authors first, and what enterprises say of visits.

Nothing here counts anywhere, ranks anybody or decides anything: a question is answered and closed.
"""
