"""Documents and their indexes in memory, and the journal that brings them back after the process was killed."""
