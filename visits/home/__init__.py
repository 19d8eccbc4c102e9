"""Pages that read across slices and own no table: set-up, my work today, the enterprise file."""
