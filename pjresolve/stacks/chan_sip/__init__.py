"""Asterisk's former `chan_sip`: all that only this stack does."""
