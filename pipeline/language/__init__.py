"""The language of printed slides: amounts of money, scales, fiscal years, and the folding of text for comparison.

A layer between the values of `pipeline.model` and the stages. Everything here reads a string and says where in it
something stands; nothing here knows a page, a deck or a table. What the words are is data (`schemas/amounts.yaml`),
how they combine is the grammar of `amounts`.
"""
