"""The commands: https://www.mongodb.com/docs/manual/reference/command/ names what each takes and answers."""
