"""Totals for works council, data protection and HR, never of fewer than five people."""
