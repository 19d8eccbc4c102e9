"""Telling people: notices in everybody's inbox, and the outbox from which mail and chat messages leave.

Start reading at `operations.post_notice`, which every slice calls; what leaves the house is in `delivery`.
"""
