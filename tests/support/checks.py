"""What every page must be, whatever it shows."""

from collections import Counter
from urllib.parse import urljoin, urlsplit

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

BY_CODE = "/r/"  # the code in the address is the token
QUIET_INPUTS = frozenset({"hidden", "submit", "button", "reset", "image"})


def faults_of(page, routes):
    """All that is wrong with a page; `routes` is the application's URL adapter."""
    checks = (headings, ids, labels, names, forms, links, policy)
    return list(page.faults) + [fault for check in checks for fault in check(page, routes)]


def headings(page, _routes):
    titles, tops = page.root.all("title"), page.root.all("h1")
    html = page.root.first("html")
    if html is None or not html["lang"]:
        yield "no <html lang>"
    if len(titles) - len([t for t in titles if any(a.tag == "svg" for a in t.ancestors)]) != 1:
        yield "not exactly one <title>"
    if len(tops) != 1 or not tops[0].text:
        yield f"not exactly one filled <h1>: {[top.text for top in tops]}"
    elif tops[0].text not in titles[0].text:
        yield f"the title {titles[0].text!r} does not say {tops[0].text!r}"


def ids(page, _routes):
    known = Counter(element["id"] for element in page.root.walk() if "id" in element)
    yield from (f"id {name!r} stands {times} times" for name, times in known.items() if times > 1)
    for element in page.root.walk():
        for attribute in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for name in (element[attribute] or "").split():
                if name not in known:
                    yield f"<{element.tag} {attribute}> names {name!r}, which is nowhere"


def labels(page, _routes):
    named = {label["for"] for label in page.root.all("label") if label.text}
    for control in page.root.all("input", "select", "textarea"):
        if control.tag == "input" and control["type"] in QUIET_INPUTS:
            continue
        inside = any(a.tag == "label" and a.text for a in control.ancestors)
        if not (inside or control["id"] in named or control["aria-label"] or control["aria-labelledby"]):
            yield f"<{control.tag} name={control['name']}> has no label"


def names(page, _routes):
    for element in page.root.all("a", "button"):
        drawn = any(svg["aria-label"] for svg in element.all("svg"))
        if not (element.text or drawn or element["aria-label"] or element["aria-labelledby"]):
            yield f"<{element.tag} {element.attrs}> says nothing"
    yield from (f"<img {i['src']}> has no alt" for i in page.root.all("img") if "alt" not in i)


def forms(page, routes):
    for form in page.root.all("form"):
        method = (form["method"] or "").lower()
        if method == "dialog":
            continue
        if method not in {"get", "post"}:
            yield f"a form says no method: {form.attrs}"
            continue
        target = urljoin(page.url, form["action"] or "")
        if method == "post" and not urlsplit(target).path.startswith(BY_CODE):
            token = form.first("input", name="csrf_token")
            if not token or not token["value"]:
                yield f"the form to {target} carries no token, or an empty one"
        if form.first("input", type="file") and form["enctype"] != "multipart/form-data":
            yield f"the form to {target} sends no file"
        if problem := unknown(target, method.upper(), routes):
            yield problem


def links(page, routes):
    for link in page.root.all("a"):
        href = link["href"] or ""
        target = urljoin(page.url, href)
        if not href:
            yield f"a link without address: {link.text!r}"
        elif href.startswith("#"):
            if len(href) > 1 and not page.root.first(id=href[1:]):
                yield f"the link {href} leads nowhere"
        elif not urlsplit(href).scheme and (problem := unknown(target, "GET", routes)):
            yield problem


def unknown(target, method, routes):
    path = urlsplit(target).path
    if path.startswith("/static/"):
        return None
    try:
        routes.match(path, method)
    except RequestRedirect:
        return f"{target} is only a redirect"
    except MethodNotAllowed:
        return f"{target} takes no {method}"
    except HTTPException:
        return f"{target} is no address of ours"
    return None


def policy(page, _routes):
    for element in page.root.walk():
        if "style" in element or element.tag == "style":
            yield f"<{element.tag}> carries a style"
        if any(name.startswith("on") for name in element.attrs):
            yield f"<{element.tag}> carries a script: {element.attrs}"
        if element.tag == "script" and not element["src"]:
            yield "a script stands in the page"
