#!/usr/bin/python3
"""Makes the golden numbers in numbers/: what PyTorch computes in double precision, for the tests beside this file.

usage: make_golden.py [FOLDER]   (needs python3-torch 1.13 or later)

Inputs and parameters are not in the files: both sides compute them from the same formula (see `formula`). A file is lines of
    WORD...                       a statement, for instance "node conv conv2d - filters=3 kernel=3"
    NAME COUNT: value value ...   numbers
"""
import os
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
MASK = (1 << 64) - 1
FOLDER = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(os.path.abspath(__file__)), "numbers")


def mixed(x):
    x = (x + 0x9E3779B97F4A7C15) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def formula(stream, count):
    """`count` numbers in -1..1, exact in single precision."""
    return torch.tensor([(mixed(stream * 1000003 + i) >> 40) / (1 << 23) - 1.0 for i in range(count)])


def byte_formula(stream, count):
    return torch.tensor([mixed(stream * 1000003 + i) >> 56 for i in range(count)])


def line(name, values):
    values = values.detach().reshape(-1).tolist()
    return f"{name} {len(values)}: " + " ".join(f"{v:.9g}" for v in values) + "\n"


ACTIVATIONS = {
    "none": lambda x: x,
    "relu": F.relu,
    "leaky-relu": lambda x: F.leaky_relu(x, 0.01),
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "scaled-tanh": lambda x: 1.7159 * torch.tanh(x * 2 / 3),
    "elu": F.elu,
    "gelu": F.gelu,
    "silu": F.silu,
    "relu6": F.relu6,
    "hard-sigmoid": F.hardsigmoid,
    "hard-tanh": F.hardtanh,
    "hard-swish": F.hardswish,
    "softplus": F.softplus,
    "softsign": F.softsign,
    "mish": F.mish,
}


class Parameters:
    """Hands out parts of the flat parameter array, in the order of the nodes; filled by the formula, `scale` times."""

    def __init__(self, scale):
        self.scale, self.parts, self.count = scale, [], 0

    def take(self, *dims):
        size = 1
        for d in dims:
            size *= d
        values = torch.tensor([(mixed(2 * 1000003 + self.count + i) >> 40) / (1 << 23) - 1.0 for i in range(size)])
        part = (values.reshape(dims) * self.scale).requires_grad_()
        self.parts.append(part)
        self.count += size
        return part


def pair(value):
    parts = [int(v) for v in str(value).split(",")]
    return (parts[0], parts[-1])


def build(nodes, shapes, parameters):
    """A function from the input to the values of every node, and the parameters it uses."""
    steps = []
    for name, kind, inputs, fields in nodes:
        activation = ACTIVATIONS[fields.get("activation", "none")]
        source = [shapes[i] for i in inputs]
        channels = source[0][0] if source else 0
        if kind == "input":
            run, shape = None, (fields["channels"], fields["height"], fields["width"])
        elif kind == "conv2d":
            kernel, stride = pair(fields.get("kernel", 3)), pair(fields.get("stride", 1))
            padding = fields.get("padding", "valid")
            groups, dilation = fields.get("groups", 1), pair(fields.get("dilation", 1))
            padding = (dilation[0] * (kernel[0] - 1) // 2, dilation[1] * (kernel[1] - 1) // 2) if padding == "same" and dilation != (1, 1) else padding
            sides = [int(v) for v in str(padding).split(",")] if str(padding).count(",") == 3 and not isinstance(padding, tuple) else None
            padding = (0, 0) if sides else padding if isinstance(padding, tuple) else ((kernel[0] - 1) // 2, (kernel[1] - 1) // 2) if padding == "same" else (0, 0) if padding == "valid" else pair(padding)
            filters = fields["filters"]
            table = fields.get("connections")
            if table:
                maps = [[int(m) for m in row.split("+")] for row in table.split(";")]
                kernels = [parameters.take(len(row), *kernel) for row in maps]
            else:
                maps, weight = None, parameters.take(filters, channels // groups, *kernel)
            bias = parameters.take(filters) if fields.get("bias", True) else None

            if maps:
                def run(x, maps=maps, kernels=kernels, bias=bias, stride=stride, padding=padding, a=activation):
                    outs = [F.conv2d(x[:, row], k[None], bias[o : o + 1], stride, padding) for o, (row, k) in enumerate(zip(maps, kernels))]
                    return a(torch.cat(outs, 1))
            else:
                def run(x, w=weight, b=bias, stride=stride, padding=padding, a=activation, dilation=dilation, groups=groups, sides=sides):
                    if sides:
                        x = F.pad(x, (sides[1], sides[3], sides[0], sides[2]))
                    return a(F.conv2d(x, w, b, stride, padding, dilation, groups))
        elif kind in ("max-pool", "average-pool"):
            kernel = pair(fields.get("kernel", 2))
            stride = pair(fields.get("stride", fields.get("kernel", 2)))
            padding = pair(fields.get("padding", 0))
            if kind == "max-pool":
                def run(x, k=kernel, s=stride, p=padding):
                    return F.max_pool2d(x, k, s, p)
            elif fields.get("scaled"):
                scale, bias = parameters.take(channels), parameters.take(channels)

                def run(x, k=kernel, s=stride, p=padding, w=scale, b=bias, a=activation):
                    return a(F.avg_pool2d(x, k, s, p, count_include_pad=False) * w[:, None, None] + b[:, None, None])
            else:
                def run(x, k=kernel, s=stride, p=padding):
                    return F.avg_pool2d(x, k, s, p, count_include_pad=False)
        elif kind == "dense":
            units = fields["units"]
            count = source[0][0] * source[0][1] * source[0][2]
            weight = parameters.take(units, count)
            bias = parameters.take(units) if fields.get("bias", True) else None

            def run(x, w=weight, b=bias, a=activation):
                return a(F.linear(x.flatten(1), w, b))[:, :, None, None]
        elif kind == "activation":
            def run(x, a=activation):
                return a(x)
        elif kind == "flatten":
            def run(x):
                return x.flatten(1)[:, :, None, None]
        elif kind == "transposed-conv2d":
            kernel, stride = pair(fields.get("kernel", 2)), pair(fields.get("stride", 2))
            weight = parameters.take(channels, fields["filters"], *kernel)
            bias = parameters.take(fields["filters"]) if fields.get("bias", True) else None
            padding, extra = pair(fields.get("padding", 0)), pair(fields.get("output-padding", 0))

            def run(x, w=weight, b=bias, s=stride, p=padding, e=extra, a=activation):
                return a(F.conv_transpose2d(x, w, b, s, p, e))
        elif kind == "global-average-pool":
            def run(x):
                return F.adaptive_avg_pool2d(x, 1)
        elif kind in ("adaptive-average-pool", "adaptive-max-pool"):
            def run(x, f=F.adaptive_avg_pool2d if "average" in kind else F.adaptive_max_pool2d, size=pair(fields["size"])):
                return f(x, size)
        elif kind == "zero-pad":
            top, left, bottom, right = [int(v) for v in fields["padding"].split(",")]

            def run(x, p=(left, right, top, bottom)):
                return F.pad(x, p)
        elif kind == "upsample":
            def run(x, f=pair(fields["factor"]), mode=fields["mode"]):
                return F.interpolate(x, scale_factor=f, mode=mode, **(dict(align_corners=False) if mode == "bilinear" else {}))
        elif kind == "reshape":
            def run(x, shape=[int(v) for v in fields["shape"].split(",")]):
                return x.reshape(x.shape[0], *shape)
        elif kind == "slice":
            def run(x, axis=1 + ["channels", "rows", "columns"].index(fields["axis"]), first=fields["first"], count=fields["count"]):
                return x.narrow(axis, first, count)
        elif kind == "multiply":
            def run(*xs):
                product = xs[0]
                for x in xs[1:]:
                    product = product * x
                return product
        elif kind == "prelu":
            slope = parameters.take(1 if fields.get("shared") else channels)

            def run(x, w=slope):
                return F.prelu(x, w)
        elif kind == "batch-norm":
            # As while training: by the mini-batch. The running figures take their places among the parameters and no gradient.
            scale, bias, mean, variance = [parameters.take(channels) for _ in range(4)]

            def run(x, w=scale, b=bias, a=activation, eps=float(fields.get("epsilon", 1e-5))):
                return a(F.batch_norm(x, None, None, w, b, training=True, eps=eps)) if x.shape[0] * x.shape[2] * x.shape[3] > 1 else x
        elif kind == "layer-norm":
            over = fields.get("over", "all")
            of_channels = over == "channels"
            dims = source[0] if over == "all" else (channels,)
            scale, bias = parameters.take(*dims), parameters.take(*dims)

            def run(x, w=scale, b=bias, dims=dims, of_channels=of_channels, groups=fields.get("groups", 0)):
                if groups:
                    return F.group_norm(x, groups, w, b)
                if of_channels:
                    return F.layer_norm(x.permute(0, 2, 3, 1), dims, w, b).permute(0, 3, 1, 2)
                return F.layer_norm(x, dims, w, b)
        elif kind == "local-response-norm":
            def run(x, f=fields):
                return F.local_response_norm(x, f.get("size", 5), f.get("alpha", 1e-4), f.get("beta", 0.75), f.get("k", 1.0))
        elif kind == "log-softmax":
            def run(x):
                return F.log_softmax(x, 1)
        elif kind == "softmax":
            def run(x):
                return F.softmax(x, 1)
        elif kind == "add":
            def run(*xs):
                return sum(xs)
        elif kind == "concat":
            def run(*xs, axis=1 + ["channels", "rows", "columns"].index(fields.get("axis", "channels"))):
                return torch.cat(xs, axis)
        elif kind == "affine":
            scale, bias = parameters.take(*source[0]), parameters.take(*source[0])

            def run(x, w=scale, b=bias):
                return x * w + b
        elif kind == "matmul":
            def run(a, b):
                return a @ b
        elif kind == "function":
            def run(x, p=float(fields.get("exponent", 2)), name=fields.get("function", "power")):
                return x ** p if name == "power" else getattr(torch, name)(x)
        elif kind == "rearrange":
            def run(x, f={k: [int(v) for v in fields[k].split(",")] for k in ("box", "order", "shape")}):
                return x.reshape(x.shape[0], *f["box"]).permute(0, *[1 + i for i in f["order"]]).reshape(x.shape[0], *f["shape"])
        elif kind == "select":
            def run(x, f=fields):
                for axis, side in enumerate(("channels", "rows", "columns"), 1):
                    if side in f:
                        x = x.index_select(axis, torch.tensor([int(v) for v in f[side].split(",")]))
                return x
        elif kind == "resize":
            def run(x, size=pair(fields["size"]), f=fields):
                mode = "bicubic" if f.get("mode") == "cubic" else "bilinear"
                return F.interpolate(x, size=size, mode=mode, align_corners=f.get("centers") == "align-corners")
        else:
            raise ValueError(kind)
        if run is not None:
            shape = tuple(run(*[torch.zeros(1, *s) for s in source]).shape[1:])
        shapes[name] = shape
        steps.append((name, inputs, run))

    def forward(x):
        values = {}
        for name, inputs, run in steps:
            values[name] = x if run is None else run(*[values[i] for i in inputs])
        return values, steps[-1][0]

    return forward


def network(*rows):
    """Rows of (name, type, inputs or None for the row before, fields)."""
    nodes, last = [], None
    for name, kind, inputs, fields in rows:
        nodes.append((name, kind, inputs if inputs is not None else ([last] if last else []), fields))
        last = name
    return nodes


def chain(channels, height, width, *layers):
    rows = [("in", "input", [], dict(channels=channels, height=height, width=width))]
    rows += [(f"n{i}", kind, None, fields) for i, (kind, fields) in enumerate(layers)]
    return network(*rows)


def node_lines(nodes):
    text = ""
    for name, kind, inputs, fields in nodes:
        values = " ".join(f"{k}={str(v).lower() if isinstance(v, bool) else v}" for k, v in fields.items())
        text += f"node {name} {kind} {','.join(inputs) or '-'} {values}".rstrip() + "\n"
    return text


def write_layer(name, nodes, samples=3):
    shapes, parameters = {}, Parameters(0.5)
    forward = build(nodes, shapes, parameters)
    c, h, w = shapes[nodes[0][0]]
    x = formula(1, samples * c * h * w).reshape(samples, c, h, w).requires_grad_()
    values, last = forward(x)
    out = values[last]
    out.backward(formula(3, out.numel()).reshape(out.shape))
    with open(os.path.join(FOLDER, f"layer-{name}.txt"), "w") as file:
        file.write(node_lines(nodes) + f"samples {samples}\n" + line("output", out) + line("input-gradient", x.grad))
        if parameters.parts:
            gradients = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters.parts]
            file.write(line("parameter-gradient", torch.cat([g.reshape(-1) for g in gradients])))


LAYERS = {
    "conv-valid": chain(2, 7, 6, ("conv2d", dict(filters=3, kernel=3))),
    "conv-same": chain(3, 6, 7, ("conv2d", dict(filters=4, kernel=5, padding="same", activation="relu"))),
    "conv-same-oblong": chain(2, 5, 9, ("conv2d", dict(filters=3, kernel="3,5", padding="same", activation="tanh"))),
    "conv-strided": chain(2, 9, 8, ("conv2d", dict(filters=3, kernel=3, stride=2))),
    "conv-strided-padded": chain(2, 9, 8, ("conv2d", dict(filters=5, kernel=3, stride="2,3", padding=2, activation="leaky-relu"))),
    "conv-one-by-one": chain(5, 4, 4, ("conv2d", dict(filters=7, kernel=1, bias=False))),
    "conv-table": chain(4, 6, 6, ("conv2d", dict(filters=3, kernel=3, connections="0+1+2;1+3;0+1+2+3"))),
    "conv-wide": chain(9, 8, 20, ("conv2d", dict(filters=17, kernel=3, padding="same", activation="relu"))),
    "conv-tiles": chain(18, 7, 8, ("conv2d", dict(filters=20, kernel=3, padding="same", activation="relu"))),
    "conv-chain": chain(1, 12, 12, ("conv2d", dict(filters=6, kernel=5, activation="relu")), ("max-pool", dict(kernel=2)),
                        ("conv2d", dict(filters=5, kernel=3, padding="same", activation="relu")), ("dense", dict(units=4))),
    "max-pool": chain(3, 6, 8, ("max-pool", dict(kernel=2))),
    "max-pool-overlapping": chain(2, 9, 7, ("max-pool", dict(kernel=3, stride=2))),
    "max-pool-padded": chain(2, 7, 7, ("max-pool", dict(kernel=3, stride=2, padding=1))),
    "average-pool": chain(3, 6, 8, ("average-pool", dict(kernel=2))),
    "average-pool-padded": chain(2, 7, 7, ("average-pool", dict(kernel=3, stride=2, padding=1))),
    "average-pool-scaled": chain(3, 6, 8, ("average-pool", dict(kernel=2, scaled=True, activation="scaled-tanh"))),
    "dense": chain(2, 3, 4, ("dense", dict(units=5))),
    "dense-large": chain(50, 1, 1, ("dense", dict(units=33, activation="relu"))),
    "gelu-chain": chain(2, 7, 7, ("conv2d", dict(filters=4, kernel=3, padding="same", activation="gelu")), ("conv2d", dict(filters=3, kernel=3, activation="silu")),
                        ("dense", dict(units=6, activation="gelu")), ("dense", dict(units=3))),
    "dense-without-bias": chain(12, 1, 1, ("dense", dict(units=20, bias=False))),
    "flatten": chain(2, 3, 4, ("flatten", {}), ("dense", dict(units=3))),
    "softmax": chain(7, 1, 1, ("softmax", {})),
    "add": network(("in", "input", [], dict(channels=2, height=4, width=5)), ("a", "conv2d", ["in"], dict(filters=3, kernel=3, padding="same")),
                   ("b", "conv2d", ["in"], dict(filters=3, kernel=1)), ("sum", "add", ["a", "b"], {}), ("out", "activation", ["sum"], dict(activation="relu"))),
    "residual": network(("in", "input", [], dict(channels=3, height=5, width=5)),
                        ("a", "conv2d", ["in"], dict(filters=3, kernel=3, padding="same", activation="relu")), ("sum", "add", ["in", "a"], {}),
                        ("out", "dense", ["sum"], dict(units=4))),
    "concat": network(("in", "input", [], dict(channels=2, height=6, width=6)), ("a", "conv2d", ["in"], dict(filters=3, kernel=3, padding="same")),
                      ("b", "max-pool", ["in"], dict(kernel=3, stride=1, padding=1)), ("both", "concat", ["a", "b"], {}),
                      ("out", "conv2d", ["both"], dict(filters=2, kernel=3))),
}
LAYERS.update({
    "transposed": chain(2, 4, 5, ("transposed-conv2d", dict(filters=3, kernel=2, stride=2))),
    "transposed-by-one": chain(3, 5, 4, ("transposed-conv2d", dict(filters=4, kernel=3, stride=1, padding=1, activation="relu"))),
    "transposed-extra": chain(2, 4, 5, ("transposed-conv2d", {"filters": 5, "kernel": "4,3", "stride": "3,2", "padding": "1,0",
                                                              "output-padding": "2,1", "activation": "silu"})),
    "transposed-chain": chain(6, 1, 1, ("transposed-conv2d", dict(filters=9, kernel=3, stride=1, activation="relu")),
                              ("transposed-conv2d", dict(filters=4, kernel=4, stride=2, padding=1, activation="leaky-relu")),
                              ("conv2d", dict(filters=2, kernel=3, padding="same", activation="tanh"))),
    "conv-groups": chain(6, 6, 5, ("conv2d", dict(filters=4, kernel=3, padding="same", groups=2, activation="relu"))),
    "conv-depthwise": chain(3, 7, 6, ("conv2d", dict(filters=6, kernel=3, stride=2, padding=1, groups=3)),
                            ("conv2d", dict(filters=6, kernel=3, padding="same", groups=6, bias=False, activation="silu")),
                            ("conv2d", dict(filters=4, kernel=1))),
    "conv-dilated": chain(2, 8, 9, ("conv2d", dict(filters=3, kernel=3, padding="same", dilation=2, activation="tanh"))),
    "conv-dilated-strided": chain(4, 9, 10, ("conv2d", dict(filters=4, kernel="3,2", stride="2,3", dilation="2,3", groups=2))),
    "conv-padded-unevenly": chain(2, 5, 6, ("conv2d", dict(filters=3, kernel=3, padding="0,2,1,0", activation="relu"))),
    "conv-signal": chain(2, 1, 12, ("conv2d", dict(filters=5, kernel="1,5", padding="0,2", activation="relu")), ("max-pool", dict(kernel="1,2")),
                         ("conv2d", dict(filters=3, kernel="1,3", dilation="1,2")), ("dense", dict(units=4))),
    "global-average": chain(3, 5, 4, ("conv2d", dict(filters=4, kernel=3)), ("global-average-pool", {}), ("dense", dict(units=3))),
    "adaptive-average": chain(2, 7, 5, ("adaptive-average-pool", dict(size="3,2"))),
    "adaptive-average-larger": chain(2, 3, 2, ("adaptive-average-pool", dict(size="5,4"))),
    "adaptive-max": chain(2, 7, 5, ("adaptive-max-pool", dict(size="3,2"))),
    "zero-pad": chain(2, 3, 4, ("zero-pad", dict(padding="1,0,2,3")), ("conv2d", dict(filters=2, kernel=3))),
    "upsample-nearest": chain(2, 3, 4, ("upsample", dict(factor="2,3", mode="nearest")), ("conv2d", dict(filters=2, kernel=3))),
    "upsample-bilinear": chain(2, 3, 4, ("upsample", dict(factor="2,2", mode="bilinear"))),
    "upsample-bilinear-far": chain(2, 3, 2, ("upsample", dict(factor="3,4", mode="bilinear"))),
    "reshape": chain(12, 1, 1, ("dense", dict(units=18)), ("reshape", dict(shape="2,3,3")), ("conv2d", dict(filters=2, kernel=2))),
    "slice-channels": chain(5, 3, 4, ("slice", dict(axis="channels", first=1, count=3)), ("conv2d", dict(filters=2, kernel=2))),
    "slice-rows": chain(2, 5, 4, ("slice", dict(axis="rows", first=2, count=2))),
    "slice-columns": chain(2, 3, 6, ("slice", dict(axis="columns", first=0, count=4))),
    "multiply": network(("in", "input", [], dict(channels=3, height=4, width=5)), ("a", "conv2d", ["in"], dict(filters=3, kernel=3, padding="same")),
                        ("out", "multiply", ["a", "in"], {})),
    "square": network(("in", "input", [], dict(channels=3, height=2, width=2)), ("out", "multiply", ["in", "in", "in"], {})),
    "squeeze-and-excitation": network(("in", "input", [], dict(channels=4, height=4, width=5)), ("mean", "global-average-pool", ["in"], {}),
                                      ("few", "dense", ["mean"], dict(units=2, activation="relu")),
                                      ("gate", "dense", ["few"], dict(units=4, activation="sigmoid")), ("out", "multiply", ["in", "gate"], {})),
    "prelu": chain(3, 4, 5, ("conv2d", dict(filters=4, kernel=3)), ("prelu", {}), ("dense", dict(units=3)), ("prelu", {})),
    "prelu-shared": chain(3, 4, 5, ("prelu", dict(shared=True))),
    "group-norm": chain(6, 3, 4, ("layer-norm", dict(over="groups", groups=2)), ("conv2d", dict(filters=2, kernel=2))),
    "instance-norm": chain(3, 4, 5, ("layer-norm", dict(over="groups", groups=3))),
    "affine": chain(2, 3, 4, ("affine", {}), ("conv2d", dict(filters=2, kernel=2))),
    "pixel-shuffle": chain(8, 2, 3, ("rearrange", dict(box="2,2,2,2,3", order="0,3,1,4,2", shape="2,4,6"))),
    "select": chain(3, 3, 4, ("select", dict(channels="2,0", rows="1,0,1,2,1")), ("conv2d", dict(filters=2, kernel=2))),
    "resize-linear": chain(2, 5, 4, ("resize", dict(size="3,7", mode="linear"))),
    "resize-linear-corners": chain(2, 3, 4, ("resize", dict(size="5,9", mode="linear", centers="align-corners"))),
    "resize-cubic": chain(2, 5, 4, ("resize", dict(size="7,3", mode="cubic"))),
    "attention": network(("in", "input", [], dict(channels=2, height=3, width=4)), ("keys", "conv2d", ["in"], dict(filters=2, kernel=1)),
                         ("turned", "rearrange", ["keys"], dict(box="2,3,4", order="0,2,1", shape="2,4,3")),
                         ("scores", "matmul", ["in", "turned"], {}), ("powers", "function", ["scores"], dict(function="exp")),
                         ("out", "matmul", ["powers", "in"], {})),
    "matmul-one-map": network(("in", "input", [], dict(channels=3, height=4, width=4)), ("one", "conv2d", ["in"], dict(filters=1, kernel=1)),
                              ("out", "matmul", ["one", "in"], {})),
    "function-chain": chain(2, 3, 4, ("function", dict(function="erf")), ("function", dict(exponent=2)), ("function", dict(function="cos")),
                            ("function", dict(exponent=-0.5)), ("function", dict(function="log")), ("function", dict(function="sin"))),
    "concat-rows": network(("in", "input", [], dict(channels=2, height=3, width=4)), ("a", "max-pool", ["in"], dict(kernel=3, stride=1, padding=1)),
                           ("out", "concat", ["in", "a"], dict(axis="rows"))),
    "batch-norm": chain(3, 4, 5, ("batch-norm", dict(activation="relu"))),
    "batch-norm-of-vector": chain(6, 1, 1, ("dense", dict(units=5)), ("batch-norm", dict(epsilon=0.001))),
    "batch-norm-chain": chain(2, 8, 7, ("conv2d", dict(filters=5, kernel=3, bias=False)), ("batch-norm", dict(activation="relu")),
                              ("conv2d", dict(filters=4, kernel=3, stride=2, padding=1, bias=False)), ("batch-norm", dict(activation="silu")),
                              ("dense", dict(units=6)), ("batch-norm", {}), ("dense", dict(units=3))),
    "batch-norm-residual": network(("in", "input", [], dict(channels=3, height=5, width=5)),
                                   ("a", "conv2d", ["in"], dict(filters=3, kernel=3, padding="same", bias=False)), ("na", "batch-norm", ["a"], dict(activation="relu")),
                                   ("b", "conv2d", ["na"], dict(filters=3, kernel=3, padding="same", bias=False)), ("nb", "batch-norm", ["b"], {}),
                                   ("sum", "add", ["in", "nb"], {}), ("relu", "activation", ["sum"], dict(activation="relu")),
                                   ("mean", "global-average-pool", ["relu"], {}), ("out", "dense", ["mean"], dict(units=4))),
    "layer-norm": chain(3, 4, 2, ("layer-norm", {}), ("conv2d", dict(filters=2, kernel=2))),
    "layer-norm-channels": chain(5, 3, 4, ("conv2d", dict(filters=6, kernel=2)), ("layer-norm", dict(over="channels"))),
    "local-response-norm": chain(7, 3, 4, ("local-response-norm", dict(alpha=0.1, k=2.0))),
    "local-response-norm-alexnet": chain(9, 3, 3, ("conv2d", dict(filters=8, kernel=2, activation="relu")), ("local-response-norm", dict(size=3, alpha=0.5, beta=0.6))),
    "log-softmax": chain(7, 1, 1, ("log-softmax", {})),
    "log-softmax-of-maps": chain(4, 3, 2, ("log-softmax", {})),
})
for activation in ("relu", "leaky-relu", "sigmoid", "tanh", "scaled-tanh", "elu", "gelu", "silu", "softplus", "softsign", "mish"):
    LAYERS["activation-" + activation] = chain(3, 4, 3, ("activation", dict(activation=activation)))


# More than one block of samples, the last one partial: those of batch normalization must meet.
SAMPLES = {"batch-norm-chain": 37, "batch-norm-residual": 21}


def write_losses():
    samples, classes = 5, 7
    labels = [0, 6, 3, 3, 1]
    with open(os.path.join(FOLDER, "losses.txt"), "w") as file:
        for kind, smoothing in (("cross-entropy", 0), ("cross-entropy", 0.1), ("binary-cross-entropy", 0), ("binary-cross-entropy", 0.2),
                                ("mean-squared-error", 0), ("hinge", 0)):
            x = (formula(4, samples * classes).reshape(samples, classes) * 6).requires_grad_()
            if kind == "cross-entropy":
                each = F.cross_entropy(x, torch.tensor(labels), reduction="none", label_smoothing=smoothing)
            elif kind == "binary-cross-entropy":
                asked = F.one_hot(torch.tensor(labels), classes).double() * (1 - smoothing) + smoothing / 2
                each = F.binary_cross_entropy_with_logits(x, asked.to(x.dtype), reduction="none").mean(1)
            elif kind == "hinge":
                each = F.multi_margin_loss(x, torch.tensor(labels), reduction="none")
            else:
                each = ((x - F.one_hot(torch.tensor(labels), classes)) ** 2).mean(1)
            each.sum().backward()
            file.write(f"loss {kind} {classes} {','.join(map(str, labels))} {smoothing}\n" + line("value", each) + line("gradient", x.grad))


OPTIMIZERS = {
    "sgd": ("sgd", dict(learningRate=0.1)),
    "sgd-decay": ("sgd", dict(learningRate=0.1, weightDecay=0.01)),
    "momentum": ("momentum", dict(learningRate=0.05, momentum=0.9)),
    "momentum-decay": ("momentum", dict(learningRate=0.05, momentum=0.8, weightDecay=0.02)),
    "nesterov": ("nesterov", dict(learningRate=0.05, momentum=0.8, weightDecay=0.02)),
    "rmsprop": ("rmsprop", dict(learningRate=0.01, smoothing=0.9, epsilon=1e-6, weightDecay=0.02)),
    "adagrad": ("adagrad", dict(learningRate=0.05, epsilon=1e-10, weightDecay=0.02)),
    "adamw": ("adamw", dict(learningRate=0.02, beta1=0.8, beta2=0.99, epsilon=1e-6, weightDecay=0.05)),
    "adam": ("adam", dict(learningRate=0.01, beta1=0.9, beta2=0.999, epsilon=1e-8)),
    "adam-decay": ("adam", dict(learningRate=0.02, beta1=0.8, beta2=0.99, epsilon=1e-4, weightDecay=0.05)),
}


def make_optimizer(kind, s, parameters):
    decay = s.get("weightDecay", 0)
    if kind == "adam":
        return torch.optim.Adam(parameters, lr=s["learningRate"], betas=(s["beta1"], s["beta2"]), eps=s["epsilon"], weight_decay=decay)
    if kind == "adamw":
        return torch.optim.AdamW(parameters, lr=s["learningRate"], betas=(s["beta1"], s["beta2"]), eps=s["epsilon"], weight_decay=decay)
    if kind == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=s["learningRate"], alpha=s["smoothing"], eps=s["epsilon"], weight_decay=decay)
    if kind == "adagrad":
        return torch.optim.Adagrad(parameters, lr=s["learningRate"], eps=s["epsilon"], weight_decay=decay)
    return torch.optim.SGD(parameters, lr=s["learningRate"], momentum=s.get("momentum", 0), nesterov=kind == "nesterov", weight_decay=decay)


def write_optimizers():
    """Ten steps down a valley: the gradient of each step is curvature * parameter + noise of the step."""
    count = 19
    with open(os.path.join(FOLDER, "optimizers.txt"), "w") as file:
        for kind, settings in OPTIMIZERS.values():
            p = formula(5, count).requires_grad_()
            optimizer = make_optimizer(kind, settings, [p])
            file.write(f"optimizer {kind} {count} " + " ".join(f"{k}={v}" for k, v in settings.items()) + "\n")
            for step in range(10):
                p.grad = (formula(6, count) * p + formula(100 + step, count)).detach()
                optimizer.step()
                file.write(line("parameters", p))


def write_curves():
    """The losses of 100 steps of a small network on all of 24 images at once, as bytes."""
    nodes = chain(1, 8, 8, ("conv2d", dict(filters=4, kernel=3, activation="relu")), ("max-pool", dict(kernel=2)),
                  ("dense", dict(units=16, activation="tanh")), ("dense", dict(units=3)))
    normalized = chain(1, 8, 8, ("conv2d", dict(filters=4, kernel=3, bias=False)), ("batch-norm", dict(activation="relu")),
                       ("max-pool", dict(kernel=2)), ("dense", dict(units=16)), ("batch-norm", dict(activation="tanh")), ("dense", dict(units=3)))
    samples = 24
    x = byte_formula(7, samples * 64).reshape(samples, 1, 8, 8) / 255.0
    labels = byte_formula(8, samples) % 3
    settings = {
        "sgd": dict(learningRate=0.1),
        "momentum": dict(learningRate=0.02, momentum=0.9, weightDecay=0.001),
        "adam": dict(learningRate=0.003, beta1=0.9, beta2=0.999, epsilon=1e-8),
    }
    runs = [(loss_kind, kind, s, nodes, "") for loss_kind in ("cross-entropy", "mean-squared-error") for kind, s in settings.items()]
    runs.append(("cross-entropy", "momentum", settings["momentum"], normalized, "-batch-norm"))
    for loss_kind, kind, s, nodes, suffix in runs:
        shapes, parameters = {}, Parameters(0.3)
        forward = build(nodes, shapes, parameters)
        optimizer = make_optimizer(kind, s, parameters.parts)
        losses = []
        for _ in range(100):
            optimizer.zero_grad()
            values, last = forward(x)
            out = values[last].flatten(1)
            loss = F.cross_entropy(out, labels) if loss_kind == "cross-entropy" else F.mse_loss(out, F.one_hot(labels, 3).double())
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
        with open(os.path.join(FOLDER, f"curve-{loss_kind}-{kind}{suffix}.txt"), "w") as file:
            file.write(node_lines(nodes) + f"samples {samples}\nloss {loss_kind}\noptimizer {kind} " + " ".join(f"{k}={v}" for k, v in s.items()) + "\n")
            file.write(line("losses", torch.stack(losses)))


os.makedirs(FOLDER, exist_ok=True)
for name, nodes in LAYERS.items():
    write_layer(name, nodes, SAMPLES.get(name, 3))
write_losses()
write_optimizers()
write_curves()
