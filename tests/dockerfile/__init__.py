"""The reader, against BuildKit's own parser and against itself."""
