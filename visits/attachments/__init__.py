"""Photos and files of visits and problems: checked, kept apart from the database, handed out with care."""
