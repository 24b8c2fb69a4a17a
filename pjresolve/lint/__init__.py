"""Rules over a configuration: what `pjresolve check` finds.

What belongs here: rules, what they look at, and their manual. What does not: how findings are printed
(`render/findings`).
"""
