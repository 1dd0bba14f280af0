"""How long a tick takes when nothing is due, and that history does not make it longer."""
