"""Callers that are reported and not rewritten: other tools, languages, documents."""
