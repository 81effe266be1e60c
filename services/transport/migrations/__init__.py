"""Alembic scripts of transport's tables."""
