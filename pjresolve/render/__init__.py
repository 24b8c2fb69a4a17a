"""Predictions and findings as text, JSON, pictures and pages.

What belongs here: layout. What does not: sentences about what happened (`story`).
"""
