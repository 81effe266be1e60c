"""What both services, the simulator and the command line have in common: words, facts, wires and rules."""
