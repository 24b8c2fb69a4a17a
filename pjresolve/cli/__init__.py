"""The command line: options, exit codes, files; it decides nothing that a prediction says.

What belongs here: reading arguments, choosing where output goes. What does not: wording, rules, predictions.
"""
