"""One file for each rule of `pjresolve check`, named by its code.

What belongs here: rules. What does not: what several rules share, which stands beside this folder.
"""
