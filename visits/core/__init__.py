"""The kernel: knows no noun of the office; every slice stands on it."""
