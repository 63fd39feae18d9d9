"""Lossless reading of Dockerfiles: BuildKit's understanding of them, with the place of every character."""
