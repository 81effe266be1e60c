"""Use cases of check-in: plain functions, dependencies by keyword."""
