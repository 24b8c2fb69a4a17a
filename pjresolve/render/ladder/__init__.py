"""Ladder diagrams: who sent what to whom, and when."""
