"""What keeps the office running: people who leave, the calendar, the settings, the audit log.

Owns no table; reads across the slices. Start reading at `views`.
"""
