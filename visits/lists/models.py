"""Tables of saved views."""

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from visits.core.db import Model, Revised, Stamped


class SavedView(Revised, Stamped, Model):
    """A name for the filters, order and columns of a list, as its address says them; private or shared."""

    __tablename__ = "saved_views"
    __table_args__ = (sa.Index("ix_saved_views_list", "list_name", "owner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    list_name: Mapped[str] = mapped_column(sa.String(40))
    owner_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(sa.String(40))
    query: Mapped[str] = mapped_column(sa.String(2000))
    is_shared: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int]


class DefaultView(Model):
    """The view with which a list opens for one person."""

    __tablename__ = "default_views"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    list_name: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    view_id: Mapped[int] = mapped_column(sa.ForeignKey("saved_views.id"), index=True)
