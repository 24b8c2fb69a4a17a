"""Findings in the formats that people, editors and CI read."""
