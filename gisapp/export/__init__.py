"""What leaves the machine; every function takes a Release, nothing else."""
