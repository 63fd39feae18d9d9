"""Callers: each kind against what really runs or reads such files."""
