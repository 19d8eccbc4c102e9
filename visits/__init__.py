"""Visits: enterprise visits of a development zone, and the problems heard there, driven to a result."""
