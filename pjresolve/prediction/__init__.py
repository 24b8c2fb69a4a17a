"""From a question to predictions: the world around the targets, the run, outages, expectations.

What belongs here: what is asked and what comes out. What does not: how it is told or drawn.
"""
