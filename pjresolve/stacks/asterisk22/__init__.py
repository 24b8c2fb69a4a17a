"""Asterisk 22 (`res_pjsip` with its bundled pjproject): all that only this stack does."""
