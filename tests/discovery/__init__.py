"""Which Dockerfiles of a folder are looked at."""
