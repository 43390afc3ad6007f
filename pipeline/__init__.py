"""policydeck: government policy slide decks as tables that can be trusted, compared and loaded."""

__version__ = "0.1.0"
