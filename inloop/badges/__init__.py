"""Badges on paper: A4 sheets of eight A7 badges with the code of CONTRACT section 5."""
