"""Shell commands that build: in scripts, and in the texts of other files."""
