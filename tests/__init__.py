"""Tests; how they are laid out is said in CONTRIBUTING.md."""
