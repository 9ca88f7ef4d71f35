"""Speaks OpenID Connect with one provider: discovery, keys, codes, tokens. Knows no person and no database."""
