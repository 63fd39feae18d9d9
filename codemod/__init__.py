"""Takes secrets out of Dockerfiles: from the build arg that leaks to the secret mount that does not."""

__version__ = "0.1.0"
