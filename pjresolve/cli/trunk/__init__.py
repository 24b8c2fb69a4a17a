"""`pjresolve who`: its options, and what they bring about."""
