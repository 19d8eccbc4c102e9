"""Lists as people work them: saved views (private, shared, a default), and what became of bulk actions.

The lists themselves belong to the slices that hold their rows; they are known by `core.known_lists`. Start
reading at `operations`.
"""
