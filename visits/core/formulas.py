"""Text that a spreadsheet would take for a formula: guarded in a csv by an apostrophe, freed when read."""

GUARD = "'"
# A spreadsheet takes a text for a formula that begins so, also behind blanks and unseen characters.
FORMULA_SIGNS = frozenset("=+-@＝＋－＠")
BLANK_STARTS = ("\t", "\r")


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet might take a text for a formula."""
    if text.startswith(BLANK_STARTS):
        return True
    seen = next((c for c in text if c.isprintable() and not c.isspace()), "")
    return seen in FORMULA_SIGNS if seen else False


def guarded_text(text: str) -> str:
    """The text as it stands in a csv cell, where it starts no formula."""
    return GUARD + text if starts_formula(text.lstrip(GUARD)) else text


def unguarded_text(text: str) -> str:
    """The text of a csv cell as it was before it was guarded."""
    is_guarded = text.startswith(GUARD) and starts_formula(text.lstrip(GUARD))
    return text[1:] if is_guarded else text
