"""The constructor and the forward pass of the PyTorch module of a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rnnviz.document.interchange.torch_modules import Module, modules, torch_cell
from rnnviz.engine.cell import Cell
from rnnviz.engine.heads import CRF, Regression
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network


class Plan:
    """What the code of one network says.

    Parameters
    ----------
    network : Network
        It.
    cells : mapping
        Cell -> the name of its class, for those that `torch.nn` does not have.
    """

    def __init__(self, network: Network, cells: Mapping[Cell, str]) -> None:
        self.network, self.cells = network, cells
        self.modules = modules(network)
        self.stacked = self.modules[0].name == "rnn"

    @property
    def name(self) -> str:
        """The name of the class."""
        head = self.network.head
        if head is None:
            return "RNNEncoder"
        if isinstance(head, Regression):
            return "RNNRegressor"
        if self.network.form == "one-to-many":
            return "RNNGenerator"
        return "RNNClassifier" if self.network.single else "RNNTagger"

    @property
    def sizes(self) -> dict[str, int]:
        """The parameters of the constructor and their values."""
        source, head = self.network.input, self.network.head
        found: dict[str, int] = {}
        if isinstance(source, Tokens):
            found["vocab_size"] = source.vocabulary
            if source.embedding is not None:
                found["embed_dim"] = source.embedding
        else:
            found["input_dim"] = source.size
        if self.stacked:
            found["hidden_dim"] = self.network.layers[0].hidden
        if head is not None:
            found[self._outputs] = head.outputs
        return found

    @property
    def _outputs(self) -> str:
        if isinstance(self.network.head, Regression):
            return "num_outputs"
        return "num_classes" if self.network.single else "num_tags"

    @property
    def _inputs(self) -> str:
        """The name of the size that the first layer reads."""
        source = self.network.input
        if isinstance(source, Tokens):
            return "vocab_size" if source.embedding is None else "embed_dim"
        return "input_dim"

    def constructor(self) -> str:
        """The method `__init__`."""
        given = ", ".join(f"{name}={value}" for name, value in self.sizes.items())
        lines = [f"    def __init__(self, {given}):", "        super().__init__()"]
        if "embed_dim" in self.sizes:
            lines.append("        self.embedding = nn.Embedding(vocab_size, embed_dim)")
        lines += [line for module in self.modules for line in self._module(module)]
        lines += self._head()
        return "\n".join(lines)

    def _module(self, module: Module) -> Iterator[str]:
        first, last = module.layers[0], module.layers[-1]
        layer = self.network.layers[first]
        inputs = self._inputs if first == 0 else str(self.network.layers[first - 1].outputs)
        known = torch_cell(layer.cell)
        if known is None:
            ways = ", ".join(f'"{direction}"' for direction in layer.directions)
            arguments = [self.cells[layer.cell], inputs, str(layer.hidden), f"[{ways}]"]
            yield f"        self.{module.name} = Steps({', '.join(arguments)})"
        else:
            for gate in known.negated:
                yield f"        # There 1 - {gate} is called {gate}, so its weights are negated."
            yield f"        self.{module.name} = nn.{known.module}("
            hidden = "hidden_dim" if self.stacked else str(layer.hidden)
            options = {"input_size": inputs, "hidden_size": hidden}
            if first != last:
                options["num_layers"] = str(last - first + 1)
                if layer.dropout:
                    options["dropout"] = f"{layer.dropout!r}"
            if known.nonlinearity:
                options["nonlinearity"] = f'"{known.nonlinearity}"'
            if layer.direction == "both":
                options["bidirectional"] = "True"
            yield from (f"            {name}={value}," for name, value in options.items())
            yield "            batch_first=True,"
            yield "        )"
        if layer.dropout:
            yield f"        self.{_dropout(module)} = nn.Dropout({layer.dropout!r})"

    def _head(self) -> list[str]:
        if self.network.head is None:
            return []
        top = self.network.layers[-1]
        read = str(top.outputs)
        if self.stacked:
            read = "hidden_dim" if len(top.directions) == 1 else "2 * hidden_dim"
        name = self._outputs
        lines = [f"        self.fc = nn.Linear({read}, {name})"]
        if isinstance(self.network.head, CRF):
            lines.append(f"        self.transitions = nn.Parameter(torch.zeros({name}, {name}))")
            lines += [
                f"        self.{n} = nn.Parameter(torch.zeros({name}))" for n in ("start", "end")
            ]
        return lines

    def forward(self) -> str:
        """The method `forward`."""
        lines = ["    def forward(self, x):", *self._reading()]
        lines += self._through_stack() if self.stacked else self._through_layers()
        read = "last_hidden" if self.network.single else "output"
        head, result = self.network.head, read
        if head is not None:
            result = "outputs" if isinstance(head, Regression) else "logits"
            lines.append(f"        {result} = self.fc({read})")
        return "\n".join([*lines, f"        return {result}"])

    def _reading(self) -> Iterator[str]:
        if "vocab_size" not in self.sizes:
            yield "        # x: [batch_size, seq_len, input_dim]"
            yield "        embedded = x"
            return
        yield "        # x: [batch_size, seq_len]"
        if "embed_dim" in self.sizes:
            yield "        embedded = self.embedding(x)"
            yield "        # embedded: [batch_size, seq_len, embed_dim]"
        else:
            yield "        dtype = next(self.parameters()).dtype"
            size = self.sizes["vocab_size"]
            yield f"        embedded = nn.functional.one_hot(x, {size}).to(dtype)"
            yield "        # embedded: [batch_size, seq_len, vocab_size]"

    def _through_stack(self) -> Iterator[str]:
        top = self.network.layers[-1]
        known = torch_cell(top.cell)
        assert known is not None
        hidden = "(hidden, cell)" if known.module == "LSTM" else "hidden"
        size = "hidden_dim" if top.direction != "both" else "2 * hidden_dim"
        yield f"        output, {hidden} = self.rnn(embedded)"
        yield f"        # output: [batch_size, seq_len, {size}]"
        yield "        # hidden: [num_layers, batch_size, hidden_dim], each direction a layer"
        if self.network.single:
            both = "torch.cat([hidden[-2], hidden[-1]], dim=1)"
            last = both if top.direction == "both" else "hidden[-1]"
            yield f"        last_hidden = {last}"
        if top.dropout:
            read = "last_hidden" if self.network.single else "output"
            yield f"        {read} = self.{_dropout(self.modules[0])}({read})"

    def _through_layers(self) -> Iterator[str]:
        yield "        output = embedded"
        for module in self.modules:
            layer = self.network.layers[module.layers[0]]
            if layer.residual:
                yield "        below = output"
            yield f"        output = {_call(module, layer)}"
            if layer.residual:
                yield "        output = output + below"
            if layer.dropout:
                yield f"        output = self.{_dropout(module)}(output)"
        yield f"        # output: [batch_size, seq_len, {self.network.top}]"
        if self.network.single:
            top = self.network.layers[-1]
            ends = f"output[:, -1, :{top.hidden}], output[:, 0, {top.hidden}:]"
            last = {
                "forward": "output[:, -1]",
                "backward": "output[:, 0]",
                "both": f"torch.cat([{ends}], dim=1)",
            }
            yield f"        last_hidden = {last[top.direction]}"


def _dropout(module: Module) -> str:
    return module.name.replace("rnn", "dropout")


def _call(module: Module, layer: Layer) -> str:
    if torch_cell(layer.cell) is None:
        return f"self.{module.name}(output)"
    if layer.direction == "backward":
        return f"self.{module.name}(output.flip(1))[0].flip(1)"
    return f"self.{module.name}(output)[0]"
