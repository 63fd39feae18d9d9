"""`-i`: each change shown to a person, who says what becomes of it."""
