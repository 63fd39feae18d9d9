"""Same behaviour: each RUN of a rewritten Dockerfile really runs and must do what the original did."""
