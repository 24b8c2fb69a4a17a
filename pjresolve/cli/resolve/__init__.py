"""`pjresolve DOMAIN`: its options, and what they bring about."""
