"""Write `torch.npz`: float64 values and gradients from PyTorch, which the tests then only read.

By hand, from the top of the checkout, with torch==2.13.0 (tests never import it):

    OMP_NUM_THREADS=1 python -m tests.references.make_torch

The same versions of NumPy, PyTorch and zlib give the same bytes; other versions may differ in the
last digits of the values. The random numbers come from NumPy, seeded with the name of the case.

A case is a group of arrays `case/key`, and `case/meta` is its description in JSON.
`d_key` is the derivative of the loss `L` with respect to `key`.

`nn_...`       torch's own layers under torch's own names, [time, batch, unit]
               (`torch_layers.py`); L = sum(A * output) + sum(B * h_n) (+ sum(C * c_n))
`cell_...`     one layer written gate by gate, every quantity at every step (`torch_cells.py`);
               L = sum(A * h)
`network_...`  whole networks with a loss (`torch_networks.py`)
"""

import json

import numpy as np
import torch

from tests.references import FILE, torch_cells, torch_layers, torch_networks
from tests.references.torch_case import Case

VERSION = "2.13.0"


def main() -> None:
    """Compute every case and write the file."""
    came = torch.__version__.partition("+")[0]
    if came != VERSION:
        raise SystemExit(f"torch is {came}, expected {VERSION}")
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    made: list[Case] = [*torch_layers.cases(), *torch_cells.cases(), *torch_networks.cases()]
    entries: dict[str, np.ndarray] = {}
    for case in made:
        entries[f"{case.name}/meta"] = np.array(json.dumps({**case.meta, "torch": came}))
        entries |= {f"{case.name}/{key}": value for key, value in case.arrays().items()}
    with FILE.open("wb") as file:
        np.savez_compressed(file, **entries)  # type: ignore[arg-type]
    print(f"{len(made)} cases, {len(entries)} arrays, {FILE.stat().st_size:,} bytes in {FILE.name}")


if __name__ == "__main__":
    main()
