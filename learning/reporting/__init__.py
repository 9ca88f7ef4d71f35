"""What HR, team leads and those who watch over data see of other people's duties: pages and exports, never practice."""
