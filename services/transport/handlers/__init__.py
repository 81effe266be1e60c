"""What transport does: plain functions, dependencies by keyword, safe to run twice."""
