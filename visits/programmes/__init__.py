"""Programmes of visits, service groups, and who answers for which enterprise.

Owns programmes, groups, their members and the links to enterprises; leans on accounts and enterprises.
Start reading at `models`.
"""
