"""SIP by its RFCs: URIs, transactions, timers, TLS names (RFC 3261, 5922).

What belongs here: what every client has in common. What does not: what one stack makes of it (`stacks`).
"""
