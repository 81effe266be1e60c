"""Paper and tables: frozen inputs in, the bytes of a file out."""
