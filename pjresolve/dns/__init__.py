"""DNS: records, answers and where they come from, SRV and NAPTR (RFC 1035, 2782, 3403).

What belongs here: what holds for every SIP client. What does not: what one stack asks for (`stacks`).
"""
