"""Planting faults into what was read, and finding out which of them the checks find.

`decks` reads a deck once and checks it again and again, `faults` plants, `oracle` says independently of all checks which
faults the figures themselves contradict, and `measuring` counts.
"""
