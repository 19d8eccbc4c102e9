"""A page as a tree, read strictly: what is opened must be closed."""

from html.parser import HTMLParser

VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)
# Between these and what stands beside them one reads no gap.
INLINE = frozenset(["a", "b", "button", "em", "label", "option", "span", "strong", "wbr"])


class Element:
    """One tag with its attributes, children (elements and texts) and parent.

    Its place in the page's own order of elements, `page[begins:ends]`, is what stands below it.
    """

    def __init__(self, tag, attrs, page, parent=None):
        self.tag, self.attrs, self.parent, self.children = tag, attrs, parent, []
        page.append(self)
        self.page, self.begins, self.ends = page, len(page), len(page)

    def __getitem__(self, name):
        return self.attrs.get(name)

    def __contains__(self, name):
        return name in self.attrs

    def walk(self):
        """All elements below, in the order of the page."""
        return self.page[self.begins : self.ends]

    def all(self, *tags, **attrs):
        """Elements below with one of these tags and all these attributes (class_ asks for one class)."""
        wanted_class = attrs.pop("class_", None)
        found = [element for element in self.walk() if not tags or element.tag in tags]
        for name, value in attrs.items():
            found = [element for element in found if element[name.replace("_", "-")] == value]
        return [element for element in found if wanted_class is None or wanted_class in element.classes]

    def first(self, *tags, **attrs):
        """The first such element below, or None."""
        return next(iter(self.all(*tags, **attrs)), None)

    @property
    def classes(self):
        return (self["class"] or "").split()

    @property
    def ancestors(self):
        element = self.parent
        while element is not None:
            yield element
            element = element.parent

    @property
    def text(self):
        """What one reads, with single blanks."""
        return " ".join(self._texts().split())

    @property
    def verbatim(self):
        """What stands between the tags, unchanged but for the line end a textarea swallows."""
        return self._texts().removeprefix("\n")

    def _texts(self):
        if self.tag in {"script", "style", "template"}:
            return ""
        gap = "" if self.tag in INLINE else " "
        inner = "".join(c if isinstance(c, str) else c._texts() for c in self.children)
        return inner if self.tag == "textarea" else f"{gap}{inner}{gap}"


class _Builder(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.root = self.open = Element("document", {}, [])
        self.root.ends, self.faults = None, []

    def handle_starttag(self, tag, attrs):
        element = self._add(tag, attrs)
        if tag not in VOID:
            self.open, element.ends = element, None

    def handle_startendtag(self, tag, attrs):
        self._add(tag, attrs)

    def _add(self, tag, attrs):
        names = [name for name, _ in attrs]
        self.faults += [f"<{tag}> has {n} twice" for n in set(names) if names.count(n) > 1]
        element = Element(tag, {name: value or "" for name, value in attrs}, self.root.page, self.open)
        self.open.children.append(element)
        return element

    def handle_endtag(self, tag):
        if tag != self.open.tag:
            self.faults.append(f"</{tag}> closes <{self.open.tag}> at line {self.getpos()[0]}")
        if self.open.parent is not None:
            self.open.ends = len(self.open.page)
            self.open = self.open.parent

    def handle_data(self, data):
        self.open.children.append(data)


def parse(text):
    """Read a page; return its tree and what is wrong with its tags."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    if builder.open is not builder.root:
        builder.faults.append(f"<{builder.open.tag}> is never closed")
    return builder.root, builder.faults
