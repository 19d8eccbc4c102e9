"""An office's own ledger of visits, a spreadsheet, on its way into the system."""
