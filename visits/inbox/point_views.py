"""Pages of where people are told beside the inbox: one's own, and for administrators those of units."""

from dataclasses import dataclass

from flask import Blueprint, current_app, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from visits.accounts import queries as accounts
from visits.core.errors import DomainError, NotFound
from visits.core.i18n import N_
from visits.core.permissions import Permission
from visits.core.web import SIGNED_IN, answer, carried_out, current_actor, requires
from visits.inbox import operations, post_queries
from visits.inbox.models import CHANNEL_LABELS, DELIVERY_LABELS, Channel
from visits.inbox.operations import Message, Owner
from visits.inbox.point_forms import PointForm
from visits.inbox.rules import masked
from visits.inbox.ways.choosing import has_no_mail
from visits.inbox.wording import last_error_said

bp = Blueprint("points", __name__)


@dataclass(frozen=True)
class Place:
    """Whose contact points a page shows, and where its addresses lie."""

    owner: Owner
    unit: str = ""

    def url(self, action, **values):
        """The address of a page or act for this owner."""
        if self.owner.unit_id is not None:
            return url_for(f"points.unit_{action}", unit_id=self.owner.unit_id, **values)
        return url_for(f"points.own_{action}", **values)


def own_place():
    """The contact points of whoever asks."""
    return Place(Owner(person_id=current_actor().person_id))


def unit_place(unit_id):
    """The contact points of a unit, or the page that says there is none."""
    if (unit := accounts.get_unit(unit_id)) is None:
        raise NotFound()
    g.menu_endpoint = "accounts.units"
    return Place(Owner(unit_id=unit_id), unit.name)


def the_channel(text):
    """The channel of an address, or the page that says there is none."""
    if text not in set(Channel):
        raise NotFound()
    return Channel(text)


def show_points(place):
    """All channels with the address of each, and what became of the last message there."""
    points = post_queries.points_of(place.owner.person_id, place.owner.unit_id)
    return render_template(
        "inbox/points.html",
        place=place,
        points=points,
        last=post_queries.last_deliveries([point.id for point in points.values()]),
        channels=CHANNEL_LABELS,
        delivery_labels=DELIVERY_LABELS,
        masked=masked,
        error_said=last_error_said,
        is_without_mail=has_no_mail(current_app.config),
        further_hosts=[host.host for host in current_app.config["HOOK_HOSTS"] if host.is_named],
    )


def edit_point(place, channel):
    """The form of one address."""
    if channel is Channel.MAIL and has_no_mail(current_app.config):
        raise NotFound(N_("Without a mail server no e-mail address can be entered."))
    point = post_queries.points_of(place.owner.person_id, place.owner.unit_id).get(channel)
    shown = PointForm.shown(channel, point)
    form = PointForm(channel, point, has_digest=not place.unit, data=shown)
    if carried_out(
        form,
        lambda: operations.save_point(
            current_actor(),
            place.owner,
            channel,
            form.entry(),
            current_app.config["HOOK_HOSTS"],
        ),
    ):
        flash(_("Saved. A test message shows whether it arrives."))
        return redirect(place.url("points"), 303)
    return answer("inbox/point.html", form, place=place, channel=channel, label=CHANNEL_LABELS[channel])


def remove_point(place, channel):
    """Take one address out."""
    operations.remove_point(current_actor(), place.owner, channel)
    flash(_("Taken out. Nothing is sent there any more."))
    return redirect(place.url("points"), 303)


def send_test(place, channel):
    """Have one address tried out."""
    said = _("This message shows that notices from the system reach you here.")
    try:
        operations.send_test(current_actor(), place.owner, channel, Message(_("Test message"), said))
    except NotFound:
        raise
    except DomainError as refusal:
        flash(_(refusal.message, **refusal.params), "warning")
    else:
        flash(_("A test message is on its way. Open this page again in a moment to see what became of it."))
    return redirect(place.url("points"), 303)


@bp.get("/contact-points")
@requires(SIGNED_IN)
def own_points():
    return show_points(own_place())


@bp.route("/contact-points/<string:channel>", methods=["GET", "POST"])
@requires(SIGNED_IN)
def own_point(channel):
    return edit_point(own_place(), the_channel(channel))


@bp.post("/contact-points/<string:channel>/remove")
@requires(SIGNED_IN)
def own_removal(channel):
    return remove_point(own_place(), the_channel(channel))


@bp.post("/contact-points/<string:channel>/test")
@requires(SIGNED_IN)
def own_test(channel):
    return send_test(own_place(), the_channel(channel))


@bp.get("/units/<int:unit_id>/contact-points")
@requires(Permission.ACCOUNTS_ADMIN)
def unit_points(unit_id):
    return show_points(unit_place(unit_id))


@bp.route("/units/<int:unit_id>/contact-points/<string:channel>", methods=["GET", "POST"])
@requires(Permission.ACCOUNTS_ADMIN)
def unit_point(unit_id, channel):
    return edit_point(unit_place(unit_id), the_channel(channel))


@bp.post("/units/<int:unit_id>/contact-points/<string:channel>/remove")
@requires(Permission.ACCOUNTS_ADMIN)
def unit_removal(unit_id, channel):
    return remove_point(unit_place(unit_id), the_channel(channel))


@bp.post("/units/<int:unit_id>/contact-points/<string:channel>/test")
@requires(Permission.ACCOUNTS_ADMIN)
def unit_test(unit_id, channel):
    return send_test(unit_place(unit_id), the_channel(channel))
