"""The monthly report: drafted from the figures, frozen, published, corrected by the next one."""
