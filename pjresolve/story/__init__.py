"""What happened, told once: lines, words and verdicts that every output prints.

What belongs here: sentences and their tone. What does not: columns, colours, pictures (`render`).
"""
