"""`pjresolve simulate`: its options, and what they bring about."""
