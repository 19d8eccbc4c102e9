"""What one reads on the pages of problems."""


def numbers(page):
    """The numbers of the problems a list shows."""
    return [cell.text.strip() for cell in page.root.all("td", class_="code")]


def states(page):
    """The states of the problems a list shows."""
    return [cell.text.strip() for cell in page.root.all("td", class_="state-cell")]


def hrefs(page, class_="page-actions"):
    """Where the links of a part of the page lead, as the last part of their addresses."""
    return [a["href"].partition("?")[0].rsplit("/", 1)[1] for a in page.root.first(class_=class_).all("a")]
