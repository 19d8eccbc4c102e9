"""The composition root: makes the application, lists the slices, binds rights to rows."""

import logging
from typing import Any

from flask import Flask, current_app, g
from flask_login import current_user
from sqlalchemy import ColumnElement, Select
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

import config as settings
from visits import cli
from visits.accounts import absence_views as absences
from visits.accounts import operations as account_operations
from visits.accounts import queries as account_queries
from visits.accounts import views as accounts
from visits.admin import views as admin
from visits.admin.words import verb_label
from visits.attachments import queries as attachment_queries
from visits.attachments.models import Attachment
from visits.core import faults, known_lists, markup, passwords, secret_addresses, web
from visits.core.authz import Actor, bind
from visits.core.clock import today
from visits.core.db import engine_options
from visits.core.permissions import Permission as P
from visits.core.permissions import Reach
from visits.core.schema import init_database
from visits.coverage import views as coverage
from visits.digest import views as digest
from visits.enterprises import cleaning_views, record_views, tier_views
from visits.enterprises import import_views as imports
from visits.enterprises import views as enterprises
from visits.enterprises.carriers import bind_carriers
from visits.enterprises.intake import ENTERPRISES
from visits.enterprises.models import Enterprise
from visits.feedback import views as feedback
from visits.handover import queries as handover_queries
from visits.handover import views as handover
from visits.handover.models import Handover
from visits.home import brief_views as briefs
from visits.home import navigation
from visits.home import views as home
from visits.honesty import operations as honesty_operations
from visits.honesty import pages as honesty_pages
from visits.honesty import public_views as public_visits
from visits.honesty import queries as honesty_queries
from visits.honesty import views as honesty
from visits.honesty.models import RecordQuestion
from visits.inbox import operations as inbox_operations
from visits.inbox import outbox_views, point_views
from visits.inbox import queries as inbox_queries
from visits.inbox import views as inbox
from visits.issues import attachment_views as issue_attachments
from visits.issues import desk_views as desks
from visits.issues import import_views as issue_ledgers
from visits.issues import limit_views as issue_limits
from visits.issues import public_views as public_issues
from visits.issues import queries as issue_queries
from visits.issues import rating_views as issue_ratings
from visits.issues import receipt_views as issue_receipts
from visits.issues import response_views as issue_responses
from visits.issues import slip_views as issue_slips
from visits.issues import views as issues
from visits.issues.ledger.carrying import LEDGER as LEDGER_OF_PROBLEMS
from visits.issues.models import Issue
from visits.ledgers import views as office_ledgers
from visits.lists import views as lists
from visits.meetings import agenda_views as agendas
from visits.meetings import minutes_views as minutes
from visits.meetings import queries as meeting_queries
from visits.meetings import views as meetings
from visits.meetings.models import Meeting
from visits.monthly import paper_views as monthly_paper
from visits.monthly import queries as monthly_queries
from visits.monthly import views as monthly
from visits.outreach import attachment_views as visit_attachments
from visits.outreach import due_views as due_visits
from visits.outreach import feed_views as plan_feeds
from visits.outreach import import_views as ledgers
from visits.outreach import operations as outreach_operations
from visits.outreach import plan_views as plans
from visits.outreach import promise_views as promises
from visits.outreach import queries as outreach_queries
from visits.outreach import views as outreach
from visits.outreach.ledger.carrying import LEDGER
from visits.outreach.models import Visit, VisitPlan
from visits.programmes import link_views as links
from visits.programmes import queries as programme_queries
from visits.programmes import views as programmes
from visits.reports import overview_views as overviews
from visits.reports import views as reports
from visits.superior import views as superior
from visits.supervision import queries as supervision_queries
from visits.supervision import sample_views, topic_views
from visits.supervision import views as supervision
from visits.supervision.models import Order, Topic

SLICES = (
    home,
    briefs,
    digest,
    admin,
    accounts,
    absences,
    inbox,
    lists,
    feedback,
    enterprises,
    imports,
    record_views,
    cleaning_views,
    tier_views,
    programmes,
    links,
    issues,
    issue_ledgers,
    issue_attachments,
    issue_limits,
    issue_responses,
    issue_slips,
    desks,
    issue_ratings,
    issue_receipts,
    public_issues,
    outreach,
    visit_attachments,
    plans,
    ledgers,
    coverage,
    plan_feeds,
    due_visits,
    promises,
    agendas,
    meetings,
    minutes,
    supervision,
    topic_views,
    sample_views,
    honesty,
    public_visits,
    handover,
    reports,
    overviews,
    monthly,
    monthly_paper,
    superior,
    office_ledgers,
    point_views,
    outbox_views,
)


def create_app(config: settings.Config | None = None) -> Flask:
    """Make the application from a configuration, by default the one the environment names."""
    config = config or settings.from_environment()
    app = web.VisitsApp(
        "visits", root_path=str(settings.ROOT), static_folder="static", template_folder="templates"
    )
    app.config.from_object(config)
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(config.SQLALCHEMY_DATABASE_URI)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    secret_addresses.strike_out_codes()
    passwords.configure(config.ARGON2_TIME_COST, config.ARGON2_MEMORY_KIB)
    init_database(app)
    web.init_app(app, load_actor=load_actor, refuse_visitor=accounts.refuse_visitor)
    web.logins.user_loader(load_person)
    faults.init_app(app)
    markup.init_app(app)
    for slice_views in SLICES:
        app.register_blueprint(slice_views.bp)
    known_lists.init_app(app, [known for views in SLICES for known in getattr(views, "LISTS", ())])
    app.context_processor(navigation.frame)
    app.jinja_env.globals.update(questions_about=honesty_pages.questions_about, action_label=verb_label)
    cli.init_app(app)
    bind_reaches()
    outreach_operations.follow("honesty", honesty_operations.look_at)
    account_operations.let_tell(inbox_operations.tell_deputy)
    outreach_operations.let_close(monthly_queries.is_frozen)
    bind_carriers(ENTERPRISES, LEDGER, LEDGER_OF_PROBLEMS)
    _serve_files(app, config)
    return app


def _serve_files(app: Flask, config: settings.Config) -> None:
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(settings.ROOT / "static"),
        prefix="static/",
        autorefresh=config.TEMPLATES_AUTO_RELOAD,
    )
    if config.PROXIES:
        app.wsgi_app = ProxyFix(app.wsgi_app, config.PROXIES, config.PROXIES, config.PROXIES)  # type: ignore[method-assign]


def load_person(token: str) -> account_queries.SignedInPerson | None:
    """Who signed in with a token and still is; nobody on the page that says the database is away."""
    if g.get("is_database_away"):
        return None
    lifetime = current_app.config["SIGN_IN_LIFETIME"]
    return account_queries.get_signed_in(token, lifetime, groups_today, inbox_queries.unread_of)


def load_actor() -> Actor:
    """Who makes this request, with today's roles, units and groups."""
    return current_user.actor if current_user.is_authenticated else Actor(person_id=None)


def groups_today(person_id: Any) -> Select[Any]:
    """The ids of a person's groups of today, as a select."""
    return programme_queries.group_ids_of(person_id, today())


def bind_reaches() -> None:
    """Say which rows each reach of each permission means: the row side of the permission grid."""
    bind(
        Issue,
        (P.ISSUES_READ, P.ISSUES_NOTE, P.ISSUES_FLAG, P.ISSUES_URGE, P.ISSUES_REOPEN, P.REPORTS_READ),
        {Reach.OWN: issue_queries.own, Reach.GROUP: issue_queries.group, Reach.UNIT: issue_queries.unit},
    )
    bind(Issue, (P.MEETINGS_WRITE, P.SUPERVISION_BOARD), {Reach.GROUP: issue_queries.group})
    bind(Issue, (P.ISSUES_AMEND,), {Reach.OWN: issue_queries.authored})
    bind(Issue, (P.ISSUES_WITHDRAW,), {Reach.OWN: issue_queries.own})
    bind(Issue, (P.ISSUES_FULFIL,), {Reach.UNIT: issue_queries.answerable})
    bind(Issue, (P.ISSUES_DUTY,), {Reach.UNIT: issue_queries.with_duty})
    bind(Issue, (P.SUPERVISION_REPLY,), {Reach.UNIT: issue_queries.unit})
    bind(Issue, (P.ISSUES_HANDLE, P.ISSUES_SLIP), {Reach.UNIT: issue_queries.handling})
    bind(
        Issue,
        (P.ATTACHMENTS_ADD,),
        {Reach.OWN: issue_queries.authored, Reach.UNIT: issue_queries.handling},
    )
    bind(
        Visit,
        (P.ATTACHMENTS_ADD,),
        {Reach.OWN: outreach_queries.took_part, Reach.UNIT: outreach_queries.took_part},
    )
    bind(Attachment, (P.ATTACHMENTS_REMOVE,), {Reach.OWN: attachment_queries.uploaded})
    bind(
        Visit,
        (P.OUTREACH_READ, P.REPORTS_READ),
        {
            Reach.OWN: outreach_queries.own,
            Reach.GROUP: outreach_queries.group,
            Reach.UNIT: outreach_queries.unit,
        },
    )
    bind_meetings()
    bind_plans()
    bind_handovers()
    bind(Enterprise, (P.ENTERPRISES_REVEAL,), {Reach.OWN: linked})
    bind(Enterprise, (P.COVERAGE_READ,), {Reach.OWN: linked, Reach.GROUP: of_own_groups})
    _bind_supervision()


def _bind_supervision() -> None:
    bind(RecordQuestion, (P.HONESTY_READ, P.HONESTY_ANSWER), {Reach.OWN: honesty_queries.asked})
    bind(Order, (P.SUPERVISION_READ, P.SUPERVISION_REPLY), {Reach.UNIT: supervision_queries.order_unit})
    bind(
        Topic,
        (P.SUPERVISION_FOLLOW,),
        {
            Reach.OWN: supervision_queries.topic_of_authors,
            Reach.GROUP: supervision_queries.topic_of_groups,
            Reach.UNIT: supervision_queries.topic_leading,
        },
    )


def bind_handovers() -> None:
    """Say which handovers people may read, and which they lead."""
    bind(Handover, (P.HANDOVER_READ,), {Reach.OWN: handover_queries.involved})
    bind(Handover, (P.HANDOVER_OPEN,), {Reach.OWN: handover_queries.led})


def bind_plans() -> None:
    """Say which plans of visits people, groups and units reach, and whose visits one corrects."""
    bind(Visit, (P.OUTREACH_AMEND,), {Reach.OWN: outreach_queries.authored})
    bind(
        VisitPlan,
        (P.OUTREACH_READ,),
        {
            Reach.OWN: outreach_queries.plan_read_as_own,
            Reach.GROUP: outreach_queries.plan_of_group,
            Reach.UNIT: outreach_queries.plan_of_unit,
        },
    )
    bind(VisitPlan, (P.OUTREACH_PLAN,), {Reach.OWN: outreach_queries.plan_answered_for})


def bind_meetings() -> None:
    """Say which meetings groups and units reach."""
    read = (P.MEETINGS_READ,)
    bind(Meeting, read, {Reach.GROUP: meeting_queries.group, Reach.UNIT: meeting_queries.unit})
    bind(Meeting, (P.MEETINGS_WRITE,), {Reach.GROUP: meeting_queries.led})


def linked(actor: Actor) -> ColumnElement[bool]:
    """Enterprises whose primary officer the actor is today."""
    return Enterprise.id.in_(programme_queries.linked_enterprise_ids(actor.person_id, today()))


def of_own_groups(actor: Actor) -> ColumnElement[bool]:
    """Enterprises for which a group answers today that the actor belongs to."""
    return Enterprise.id.in_(programme_queries.enterprise_ids_of_groups(actor.group_ids, today()))
