"""One's own data: what is stored, who may see it, who has looked, and what one agrees to show. Nothing of others."""
