"""How fast a link is shown and an answer is kept, beside hello-world Flask and a bare INSERT loop."""
