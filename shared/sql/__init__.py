"""What both services keep in a database in the same way: scans, sightings, presence, outbox, quarantine."""
