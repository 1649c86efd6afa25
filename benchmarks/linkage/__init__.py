"""How companies are written, invented companies, and linkage on them beside Splink alone."""
