"""Transport in the forms of others: GTFS, GTFS-Realtime, TIDES, OwnTracks (docs/adr/0009-feeds.md). Pure: plain values
in, bytes out; nothing here reads a clock, a store or a request.
"""
