"""The commands, one module each; a module imports what is heavy when its command runs."""
