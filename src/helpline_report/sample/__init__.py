"""Synthetic exports of a helpline's registration system and web analytics: nobody's life."""

from helpline_report.sample.generator import generate

__all__ = ["generate"]
