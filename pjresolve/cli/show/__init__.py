"""`pjresolve show`: its options, and what they bring about."""
