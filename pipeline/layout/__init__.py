"""Geometry of a page: lines, columns, blocks, grids and bars. Knows no deck, no budget and no PDF library."""
