"""From chan_sip's sip.conf to pjsip.conf."""
