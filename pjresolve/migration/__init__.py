"""From chan_sip's sip.conf to pjsip.conf.

What belongs here: reading sip.conf and writing pjsip.conf. What does not: judging either (`lint`).
"""
