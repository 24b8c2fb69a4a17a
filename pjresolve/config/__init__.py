"""pjsip.conf as Asterisk reads it: lines, includes, sections, options, objects.

What belongs here: what is written, and what each option means. What does not: what a stack makes of it
(`stacks`), and whether it is wise (`lint`).
"""
