"""The only place that knows a PDF library: bytes in, immutable pages out."""
