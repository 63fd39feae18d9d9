"""Bake files, in HCL and in JSON."""
