"""What every page has, whatever feature it belongs to: assets, headers, errors, language, theme. Knows no feature."""
