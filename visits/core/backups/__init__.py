"""Backups: one file that holds everything, proves itself, and can be put into either kind of database."""
