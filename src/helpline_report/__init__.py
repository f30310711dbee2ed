"""A reproducible annual report for a helpline on violence, abuse and child abuse."""

__version__ = "0.1.0"
