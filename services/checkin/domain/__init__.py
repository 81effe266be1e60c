"""Pure: what a door answers, where somebody goes next, how the numbers add up."""
