"""Forms of visits: recording, correcting and voiding one."""
