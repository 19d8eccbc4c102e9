"""A person at a desk: a browser window of their own, and the hands that fill in and press what it shows."""

import re

from playwright.sync_api import expect


class Desk:
    """One person's window; fields are found by name, buttons and links by what stands on them."""

    def __init__(self, page, username, password):
        self.page, self.username, self.password = page, username, password

    def sign_in(self):
        """Sign in, from wherever the window is sent."""
        self.page.goto("/")
        self.fill(username=self.username, password=self.password)
        self.press(re.compile("^(登录|Sign in)$"))
        expect(self.page.get_by_role("heading", level=1)).to_have_text(re.compile("^(我的工作|My work)$"))
        self.page.wait_for_load_state()
        return self

    def field(self, name):
        """The control of that name."""
        return self.page.locator(f"[name='{name}']")

    def fill(self, **values):
        """Type into fields, choose in lists, tick boxes (True) and untick them (False)."""
        for name, value in values.items():
            field = self.field(name)
            if isinstance(value, bool):
                field.set_checked(value)
            elif field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def tick(self, *labels):
        """Tick the boxes with these words."""
        for label in labels:
            self.page.get_by_label(label, exact=True).check()

    def pick(self, name, typed):
        """Type what is meant, wait until only that is offered, and click it."""
        field = self.field(name)
        expect(field).to_have_class(re.compile("tomselected"))
        self.page.locator(f"#{field.get_attribute('id')}-ts-control").press_sequentially(typed)
        offered = self.page.locator(".ts-dropdown:visible .option")
        expect(offered.filter(has_not_text=typed)).to_have_count(0)
        offered.filter(has_text=typed).first.click()
        self.page.keyboard.press("Tab")
        expect(self.page.locator(".ts-dropdown:visible")).to_have_count(0)

    def press(self, words):
        """Press a button and wait for the page that answers."""
        self.page.locator("main").get_by_role("button", name=words, exact=True).first.click()
        self.page.wait_for_load_state()

    def follow(self, words):
        """Follow the link with these words and wait for the page behind it."""
        self.page.locator("main").get_by_role("link", name=words, exact=True).first.click()
        self.page.wait_for_load_state()

    def says(self, words):
        """Wait until the page says this."""
        expect(self.page.locator("main")).to_contain_text(words)

    def rows(self, *columns):
        """What stands in these columns of the page's first table, row by row, in order of the words."""
        table = self.page.locator("main table").first.locator("tbody tr")
        lines = [
            [cell.strip() for cell in row.locator("td:not(.tick), th").all_inner_texts()]
            for row in table.all()
        ]
        return sorted(tuple(line[column] for column in columns) for line in lines)
