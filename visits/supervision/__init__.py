"""Supervision: orders to units (督办单), topics of common problems, monthly samples that are checked again.

Leans on issues and outreach. Start reading at `models`; an order's life is the table in `states`.
"""
