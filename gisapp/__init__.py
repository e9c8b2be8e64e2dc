"""gisapp: where urban policy meets livelihoods, family by family."""

import os

# The program multiplies small matrices only; there OpenBLAS's threads cost more, waiting for each
# other, than they save (an export to a partner: 1.8 s instead of 4.6 s). numpy reads it on import.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

__version__ = "0.1.0"
