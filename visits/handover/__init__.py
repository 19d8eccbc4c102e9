"""Handover (工作交接): what somebody who leaves or rotates answers for goes to others, item by item.

Leans on programmes, issues, outreach and lists. Start reading at `queries.packs`: what a person answers
for; the lives of a handover and of its items are the tables in `states`.
"""
