"""What the rewritten Dockerfiles do on a real Docker Engine."""
