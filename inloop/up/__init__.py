"""Everything on one machine: broker, both services, their pages and, for a simulated day, the fleet."""
