"""The review page: one HTML file in which every value stands beside the words it was read from."""

from pipeline.page_image import PageImage
from pipeline.publishing.report.page import report_html
from pipeline.publishing.report.through_editions import EditionLine, ThroughEditions

__all__ = [
    "EditionLine",
    "PageImage",
    "ThroughEditions",
    "report_html",
]
