"""The notation: which parser, which extensions, and what its tokens say. Never what they look like."""
