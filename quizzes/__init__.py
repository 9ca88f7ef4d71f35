"""What a question is: its notation, its grading, the rules of an attempt. Knows neither courses nor the web."""
