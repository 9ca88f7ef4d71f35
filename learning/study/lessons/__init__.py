"""Reading and practising: a module's page, its questions as cards, places of reading."""
