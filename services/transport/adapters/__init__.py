"""Transport's hands: the database and MQTT messages."""
