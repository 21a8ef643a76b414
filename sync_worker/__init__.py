"""The worker that keeps key-account scores true."""

__version__ = "1.0.0"
