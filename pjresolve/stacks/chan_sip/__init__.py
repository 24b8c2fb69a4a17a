"""Asterisk's former `chan_sip`: all that only this stack does, each rule with the recording that shows it."""

from __future__ import annotations

from pjresolve.stacks.chan_sip.loading import ChanSip

STACK = ChanSip()
