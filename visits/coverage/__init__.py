"""Which enterprises are due for a visit, and how well each programme covers its scope.

Owns no table: puts the visits of `outreach` beside the scopes and tiers of `programmes`. Start at `facts`.
"""
