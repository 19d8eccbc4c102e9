"""What the imports of an office's own ledgers have in common, whatever their rows are about."""
