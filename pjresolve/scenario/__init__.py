"""The world as a value: the scenario format, its behaviours, the library, snapshots.

What belongs here: reading and writing scenarios. What does not: running them (`simulation`).
"""
