"""The gate: what may leave the machine, and in what form."""
