"""What Asterisk's own console prints: `pjsip show …`, and the sockets that `ss` would show.

What belongs here: tables to the byte, read from a configuration or a prediction. What does not: our own words
(`story`, `render`).
"""
