"""Check-in's hands: the database, MQTT messages, files."""
