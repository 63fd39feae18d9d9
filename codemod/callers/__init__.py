"""Who passes the build args: one module a kind of caller."""
