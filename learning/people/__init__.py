"""Who there is: units, people, roles, how they sign in."""
