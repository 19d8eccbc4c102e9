"""Every change to the register."""

from visits.enterprises.operations.details import (
    add_contact,
    close_site,
    end_contact,
    open_site,
    record_fact,
    reveal_contact,
    verify_contact,
)
from visits.enterprises.operations.entries import (
    CHOOSABLE,
    FOLLOWERS,
    IMPOSSIBLE_DAY,
    PLAIN,
    TOO_LONG,
    ContactEntry,
    EnterpriseEntry,
    FactEntry,
    GrantEntry,
    SiteEntry,
    too_long,
)
from visits.enterprises.operations.imports import save_import, save_import_details, undo_import
from visits.enterprises.operations.ledgers import (
    LedgerRuns,
    Row,
    TakenBack,
    free_client_ids,
    insert_rows,
    write_rows,
)
from visits.enterprises.operations.merging import MergeEntry, merge_enterprises, note_distinct, undo_merge
from visits.enterprises.operations.moving import Foretold, foretell, owning_columns
from visits.enterprises.operations.registering import (
    capital_columns,
    derived,
    register_enterprise,
    register_provisional,
    update_enterprise,
)
from visits.enterprises.operations.tags import create_standard_tags, grant_tag, save_tag, take_off_tag

__all__ = [
    "CHOOSABLE",
    "FOLLOWERS",
    "IMPOSSIBLE_DAY",
    "PLAIN",
    "TOO_LONG",
    "ContactEntry",
    "EnterpriseEntry",
    "FactEntry",
    "Foretold",
    "GrantEntry",
    "LedgerRuns",
    "MergeEntry",
    "Row",
    "SiteEntry",
    "TakenBack",
    "add_contact",
    "capital_columns",
    "close_site",
    "create_standard_tags",
    "derived",
    "end_contact",
    "foretell",
    "free_client_ids",
    "grant_tag",
    "insert_rows",
    "merge_enterprises",
    "note_distinct",
    "open_site",
    "owning_columns",
    "record_fact",
    "register_enterprise",
    "register_provisional",
    "reveal_contact",
    "save_import",
    "save_import_details",
    "save_tag",
    "take_off_tag",
    "too_long",
    "undo_import",
    "undo_merge",
    "update_enterprise",
    "verify_contact",
    "write_rows",
]
