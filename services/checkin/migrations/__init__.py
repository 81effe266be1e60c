"""Alembic scripts of check-in's tables."""
