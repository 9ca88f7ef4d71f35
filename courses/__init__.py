"""What a course is: the folder of Markdown, its checks, its rendering. Knows neither the web nor a database."""
