"""From tokens to HTML and segments: one module a construct, the sanitiser behind them all."""
