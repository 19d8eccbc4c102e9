"""Pages of sign-in, one's own account, people and units."""

from urllib.parse import urlsplit

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from visits.accounts import forms, listing, operations, queries
from visits.accounts.filter_forms import PeopleFilter
from visits.accounts.models import LinkPurpose
from visits.accounts.rules import LINK_HOURS, shortcomings
from visits.core import kept
from visits.core.clock import today
from visits.core.errors import DomainError, NotFound
from visits.core.forms import BaseForm
from visits.core.i18n import LANGUAGES, N_
from visits.core.known_lists import KnownList
from visits.core.list_pages import page_of, taken_home
from visits.core.permissions import (
    GRID,
    PERMISSION_LABELS,
    REACH_LABELS,
    ROLE_LABELS,
    Permission,
    Role,
)
from visits.core.web import PUBLIC, SIGNED_IN, answer, carried_out, current_actor, is_cross_site, requires

bp = Blueprint("accounts", __name__)
LINK = "link_to_show"  # in the session
PEOPLE = KnownList(
    "people",
    N_("People"),
    "accounts.people",
    "accounts.edit_person",
    Permission.ACCOUNTS_ADMIN,
    PeopleFilter,
    lambda _actor, form: listing.of_people(form.filters()),
)
LISTS = (PEOPLE,)


def refuse_visitor():
    """Send a visitor to sign in; what a form had typed is kept for its owner."""
    if request.method != "POST":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    form = forms.SignInForm(formdata=None)
    token = session.get("_user_id")
    form.kept.data = (
        None if is_cross_site() else kept.pack(queries.person_of_ended_session(token) if token else None)
    )
    return render_template("accounts/sign_in.html", form=form, is_time_out=True), 401


def local_path(target):
    """A path on this site to go on to, or home."""
    parts = urlsplit(target or "")
    is_path = target and target.startswith("/") and not parts.scheme and not parts.netloc
    is_plain = (
        target and target.isprintable() and "\\" not in target and "//" not in target.partition("?")[0]
    )
    return target if is_path and is_plain else url_for("home.index")


def begin_session(person, token):
    """Give the browser a fresh session that carries this token."""
    language = session.get("language")
    session.clear()
    g.pop("csrf_token", None)  # made for the session that has just ended
    session.permanent = True
    if language:
        session["language"] = language
    login_user(queries.get_signed_in(token, current_app.config["SIGN_IN_LIFETIME"]))


@bp.route("/sign-in", methods=["GET", "POST"])
@requires(PUBLIC, late_write=True)
def sign_in():
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    if not queries.count_people():
        return redirect(url_for("home.set_up"))
    form = forms.SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    if form.validate_on_submit():
        try:
            person, token = operations.sign_in(
                form.username.data, form.password.data, request.remote_addr or ""
            )
        except DomainError as error:
            form.attach(error)
        else:
            begin_session(person, token)
            if found := kept.unpack(form.kept.data, person.id):
                return render_template("accounts/resume.html", kept=found, form=BaseForm(formdata=None))
            return redirect(local_path(form.next.data), 303)
    demo_people = queries.active_people_by_role() if current_app.config["DEMO"] else {}
    return answer("accounts/sign_in.html", form, demo_people=demo_people, role_labels=ROLE_LABELS)


@bp.post("/sign-in/demo")
@requires(PUBLIC, late_write=True)
def sign_in_demo():
    if not current_app.config["DEMO"]:
        raise NotFound()
    person, token = operations.sign_in_demo(
        request.form.get("person_id", "")[:9], request.remote_addr or ""
    )
    begin_session(person, token)
    return redirect(url_for("home.index"), 303)


@bp.post("/sign-out")
@requires(SIGNED_IN)
def sign_out():
    operations.sign_out(current_actor(), current_user.get_id())
    logout_user()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    return redirect(url_for("accounts.sign_in"), 303)


@bp.post("/language")
@requires(PUBLIC)
def choose_language():
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        operations.choose_language(current_actor(), chosen)
    return redirect(local_path(request.form.get("next")), 303)


@bp.post("/keyboard")
@requires(SIGNED_IN)
def choose_keys():
    are_off = request.form.get("off") == "1"
    operations.choose_keys(current_actor(), are_off=are_off)
    return jsonify(off=are_off)


@bp.route("/password", methods=["GET", "POST"])
@requires(SIGNED_IN)
def change_password():
    form = forms.PasswordForm()
    if carried_out(
        form,
        lambda: operations.change_password(
            current_actor(), form.present.data, form.password.data, current_user.get_id()
        ),
    ):
        flash(_("Your password is changed. Your sign-ins elsewhere have ended."))
        return redirect(url_for("home.index"), 303)
    return answer("accounts/password.html", form)


@bp.route("/password/<string:purpose>", methods=["GET", "POST"])
@requires(PUBLIC)
def use_link(purpose):
    """The code stands behind the # of the link, which a browser never sends: it is in no server's log."""
    if purpose not in set(LinkPurpose):
        raise NotFound()
    form = forms.LinkForm()
    found = []
    if carried_out(
        form,
        lambda: found.append(
            operations.use_password_link(
                LinkPurpose(purpose), form.link_code.data or "", form.password.data or ""
            )
        ),
    ):
        flash(_("Your password is set. Sign in as %(username)s.", username=found[0].username))
        # with a # of its own: the browser would carry the code's on to the next address
        return redirect(url_for("accounts.sign_in", _anchor="username"), 303)
    return answer("accounts/use_link.html", form, purpose=purpose)


@bp.get("/people")
@requires(Permission.ACCOUNTS_ADMIN)
def people():
    form = PeopleFilter()
    page = page_of(PEOPLE.of(current_actor(), form))
    return render_template("accounts/people.html", page=page, form=form)


@bp.post("/people/export.xlsx", defaults={"kind": "xlsx"})
@bp.post("/people/export.csv", defaults={"kind": "csv"})
@requires(Permission.ACCOUNTS_ADMIN, late_write=True)
def export_people(kind):
    form = PeopleFilter()
    return taken_home(PEOPLE.of(current_actor(), form), kind, form.said)


def lead_to_link(person, purpose):
    """Make a one-time link and lead to the page that shows it; till then its maker's cookie carries it."""
    code = operations.make_password_link(current_actor(), person, purpose)
    session[LINK] = [person.id, purpose.value, code]
    return redirect(url_for("accounts.show_link", person_id=person.id), 303)


def tell_shortcomings(entry):
    """Say what somebody who was just saved cannot do yet."""
    for sentence in shortcomings(entry.roles, entry.unit_id):
        flash(_(sentence, name=entry.name), "warning")


@bp.route("/people/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ADMIN)
def new_person():
    form = forms.NewPersonForm()
    made = []
    if carried_out(
        form,
        lambda: made.append(
            operations.create_person(current_actor(), form.entry(), form.password.data or None)
        ),
    ):
        tell_shortcomings(form.entry())
        if not form.password.data:
            return lead_to_link(made[0], LinkPurpose.INVITE)
        flash(_("%(name)s can sign in now.", name=form.name.data))
        return redirect(url_for("accounts.people"), 303)
    return answer("accounts/person.html", form, person=None)


def the_person(person_id):
    """The person of an address, or the page that says there is none."""
    if (person := queries.get_person(person_id)) is None:
        raise NotFound()
    return person


@bp.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ADMIN)
def edit_person(person_id):
    person = the_person(person_id)
    unit = queries.unit_of(person.id, today())
    form = forms.PersonForm(
        obj=person, data={"roles": queries.roles_of(person.id), "unit_id": unit.id if unit else None}
    )
    if carried_out(
        form, lambda: operations.update_person(current_actor(), person, form.entry(), form.revision.data)
    ):
        flash(_("Saved."))
        if form.since.data:
            kept_units = _(
                "Visits recorded already keep the unit they were recorded with; where none was, correcting"
                " the visit fills it in."
            )
            flash(kept_units, "info")
        tell_shortcomings(form.entry())
        return redirect(url_for("accounts.people"), 303)
    return answer(
        "accounts/person.html",
        form,
        person=person,
        memberships=queries.memberships_of(person.id),
        first_unit_hint=forms.FIRST_UNIT,
        link=queries.open_link_of(person.id),
        sign_ins=queries.live_sign_ins(person.id),
    )


@bp.post("/people/<int:person_id>/link")
@requires(Permission.ACCOUNTS_ADMIN)
def make_link(person_id):
    person = the_person(person_id)
    purpose = LinkPurpose.RESET if person.password_hash else LinkPurpose.INVITE
    return lead_to_link(person, purpose)


@bp.get("/people/<int:person_id>/link/new")
@requires(Permission.ACCOUNTS_ADMIN)
def show_link(person_id):
    """Show a link just made, once: it is nowhere else, so the page opened again leads to the person."""
    person = the_person(person_id)
    for_id, purpose, code = session.pop(LINK, (None, "", ""))
    if for_id != person.id:
        flash(
            _("The link was shown once and cannot be shown again. If it is lost, make another here."),
            "info",
        )
        return redirect(url_for("accounts.edit_person", person_id=person.id), 303)
    address = url_for("accounts.use_link", purpose=purpose, _external=True, _anchor=code)
    return render_template(
        "accounts/link.html", person=person, address=address, hours=LINK_HOURS[purpose], purpose=purpose
    )


@bp.post("/people/<int:person_id>/enable")
@requires(Permission.ACCOUNTS_ADMIN)
def enable_person(person_id):
    person = the_person(person_id)
    operations.enable_person(current_actor(), person)
    flash(_("%(name)s's account is open again.", name=person.name))
    return redirect(url_for("accounts.people"), 303)


@bp.get("/roles")
@requires(Permission.ACCOUNTS_ADMIN)
def roles():
    return render_template(
        "accounts/roles.html",
        grid=GRID,
        roles=list(Role),
        role_labels=ROLE_LABELS,
        permission_labels=PERMISSION_LABELS,
        reach_labels=REACH_LABELS,
        numbers=queries.count_by_role(),
    )


@bp.get("/units")
@requires(Permission.ACCOUNTS_ADMIN)
def units():
    return render_template("accounts/units.html", rows=queries.list_units())


@bp.route("/units/new", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ADMIN)
def new_unit():
    form = forms.UnitForm()
    if carried_out(form, lambda: operations.create_unit(current_actor(), form.name.data)):
        flash(_("Saved."))
        return redirect(url_for("accounts.units"), 303)
    return answer("accounts/unit.html", form, unit=None)


def the_unit(unit_id):
    """The unit of an address, or the page that says there is none."""
    if (unit := queries.get_unit(unit_id)) is None:
        raise NotFound()
    return unit


@bp.route("/units/<int:unit_id>/edit", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ADMIN)
def edit_unit(unit_id):
    unit = the_unit(unit_id)
    form = forms.UnitForm(obj=unit)
    if carried_out(
        form,
        lambda: operations.update_unit(
            current_actor(), unit, form.name.data, form.head_confirms.data, form.revision.data
        ),
    ):
        flash(_("Saved."))
        return redirect(url_for("accounts.units"), 303)
    members = queries.memberships_of_unit(unit.id)
    return answer(
        "accounts/unit.html",
        form,
        unit=unit,
        row=queries.unit_row(unit.id),
        members=members,
        roles=queries.roles_by_person([row.Person.id for row in members]),
        role_labels=ROLE_LABELS,
    )


@bp.post("/units/<int:unit_id>/reopen")
@requires(Permission.ACCOUNTS_ADMIN)
def reopen_unit(unit_id):
    unit = the_unit(unit_id)
    operations.reopen_unit(current_actor(), unit)
    flash(_("%(name)s is in use again.", name=unit.name))
    return redirect(url_for("accounts.edit_unit", unit_id=unit.id), 303)
