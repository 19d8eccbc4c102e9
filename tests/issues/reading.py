"""What one reads on the pages of problems."""

from visits.issues import joined


def relations_of(actor, issue):
    """The problems related to one, as far as somebody may read them."""
    return joined.others_of(actor, issue, related=True, alike=False)[0]


def numbers(page):
    """The numbers of the problems a list shows."""
    return [cell.text.strip() for cell in page.root.all("td", class_="code")]


def states(page):
    """The states of the problems a list shows."""
    return [cell.text.strip() for cell in page.root.all("td", class_="state-cell")]


def hrefs(page, class_="page-actions"):
    """Where the links of a part of the page lead, as the last part of their addresses."""
    return [a["href"].partition("?")[0].rsplit("/", 1)[1] for a in page.root.first(class_=class_).all("a")]
