"""`pjresolve check`: its options, and what they bring about."""
