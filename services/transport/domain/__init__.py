"""Pure: runs, passenger lists, boarding, arrivals, and what a transfer looks like."""
