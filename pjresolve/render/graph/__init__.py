"""Graphs: how a name became targets, and what follows when a target fails."""
