"""An office's ledger of past problems, a spreadsheet, on its way into the system."""
