"""Coordination meetings (专题对接会) on problems that one unit cannot settle alone.

Owns meetings, whom they invite, who came, and their agendas; leans on issues, whose duties they set.
Start reading at `models`.
"""
