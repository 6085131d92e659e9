project = "A course on robust models"
html_theme = "alabaster"

# The elements, for every page of the book.
html_js_files = [("https://your.host/lab/embed/embed.js", {"type": "module"})]
