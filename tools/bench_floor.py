"""The floor of the bench: bare Flask and SQLAlchemy over the same database, one list and one row.

What any page must do at least: know who asks, fetch, fill a plain template.
"""

import os

import sqlalchemy as sa
from flask import Flask, render_template_string
from sqlalchemy.orm import Session

import config
from tools.bench_served import Metered
from visits.accounts.models import Person
from visits.core.db import engine_options, prepare_engine
from visits.enterprises.models import Enterprise
from visits.issues.models import Issue

PAGE = """<!doctype html><title>{{ title }}</title><p>{{ person.name }} · {{ total }}</p><table>
{% for row in rows %}<tr><td>{{ row.number }}</td><td>{{ row.title }}</td><td>{{ row.name }}</td>
<td>{{ row.state }}</td><td>{{ row.registered_on }}</td><td>{{ row.due_on or "" }}</td></tr>
{% endfor %}</table>"""

url = config.from_environment().SQLALCHEMY_DATABASE_URI
engine = sa.create_engine(url, **engine_options(url))
prepare_engine(engine)
flask = Flask("floor")
columns = (Issue.number, Issue.title, Enterprise.name, Issue.state, Issue.registered_on, Issue.due_on)
rows = sa.select(*columns).join(Enterprise, Enterprise.id == Issue.enterprise_id).order_by(Issue.id.desc())
person_id = int(os.environ["BENCH_PERSON"])


@flask.get("/list")
def show_list() -> str:
    """Fifty rows and how many there are in all: three statements."""
    with Session(engine) as session:
        person = session.scalar(sa.select(Person).where(Person.id == person_id))
        total = session.scalar(sa.select(sa.func.count()).select_from(Issue))
        found = session.execute(rows.limit(50)).all()
        return render_template_string(PAGE, title="list", person=person, total=total, rows=found)


@flask.get("/row/<int:issue_id>")
def show_row(issue_id: int) -> str:
    """One row: two statements."""
    with Session(engine) as session:
        person = session.scalar(sa.select(Person).where(Person.id == person_id))
        found = session.execute(rows.where(Issue.id == issue_id)).all()
        return render_template_string(PAGE, title="row", person=person, total=1, rows=found)


app = Metered(flask)
