"""People, their roles and units, and how they sign in.

Owns people, units, memberships and sign-ins; leans on the kernel only. Start reading at `models`.
"""
