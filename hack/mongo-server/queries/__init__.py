"""What queries, updates and pipelines mean: mongomock's answer, and which index finds the documents."""
