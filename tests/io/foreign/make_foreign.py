"""Writes the ONNX files that the import is tested on, as PyTorch exports them, and what PyTorch computes with them.

Needs torch; run it in this folder: python3 make_foreign.py. The weights are random (seeded), the networks small.
"""

import json
import warnings

import torch
import torch.nn.functional as F
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(5)
EXPECTED = {}


class Classic(nn.Module):
    """The usual tutorial network: view() and log_softmax()."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 5)
        self.conv2 = nn.Conv2d(3, 4, 3, padding=1, bias=False)
        self.fc1 = nn.Linear(4 * 3 * 3, 12)
        self.fc2 = nn.Linear(12, 5)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.view(x.size(0), -1)
        return F.log_softmax(self.fc2(F.relu(self.fc1(x))), dim=1)


class Normalized(nn.Module):
    """Batch normalization (trained statistics), stride, average pooling, softmax."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 4, 3, stride=2, padding=1), nn.BatchNorm2d(4), nn.LeakyReLU(0.01), nn.AvgPool2d(2), nn.Flatten(),
            nn.Linear(4 * 3 * 3, 6), nn.BatchNorm1d(6), nn.Sigmoid(), nn.Dropout(0.4), nn.Linear(6, 4), nn.Softmax(1))
        for layer in self.body:
            if isinstance(layer, (nn.BatchNorm2d, nn.BatchNorm1d)):
                layer.running_mean.uniform_(-0.5, 0.5)
                layer.running_var.uniform_(0.5, 2)
                layer.weight.data.uniform_(0.5, 2)
                layer.bias.data.uniform_(-1, 1)

    def forward(self, x):
        return self.body(x)


class Dense(nn.Module):
    """An image made of a row of values first; then dense layers with tanh."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.out = nn.Linear(2 * 4 * 4, 3)

    def forward(self, x):
        return self.out(torch.tanh(self.conv(x.reshape(-1, 1, 6, 6))).flatten(1))


class Ways(nn.Module):
    """Residual sum, concatenation, groups, global pooling."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 4, 3, padding=1)
        self.grouped = nn.Conv2d(4, 4, 3, padding=1, groups=2)
        self.side = nn.Conv2d(4, 2, 1)
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        x = F.relu(self.stem(x))
        x = F.relu(x + self.grouped(x))
        x = torch.cat([x, self.side(x)], 1)
        return self.head(F.adaptive_avg_pool2d(x, 1).flatten(1))


class ChannelsLast(nn.Module):
    """What Keras exports look like: channels last, MatMul and Add instead of Gemm."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.weight = nn.Parameter(torch.randn(4 * 4 * 4, 5) * 0.2)
        self.shift = nn.Parameter(torch.randn(5))

    def forward(self, x):
        x = F.relu(self.conv(x.permute(0, 3, 1, 2)))
        x = x.permute(0, 2, 3, 1).reshape(-1, 64)
        return F.softmax(torch.matmul(x, self.weight) + self.shift, dim=-1)


class Historic(nn.Module):
    """Subsampling with a trainable coefficient and bias, scaled tanh."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3)
        self.coefficient = nn.Parameter(torch.rand(3, 1, 1) + 0.5)
        self.offset = nn.Parameter(torch.randn(3, 1, 1))
        self.out = nn.Linear(27, 4)

    def forward(self, x):
        def squash(y):
            return 1.7159 * torch.tanh(y * (2.0 / 3.0))

        x = squash(self.conv(x))
        x = squash(F.avg_pool2d(x, 2) * self.coefficient + self.offset)
        return self.out(x.flatten(1))


class Unsupported(nn.Module):
    def __init__(self):
        super().__init__()
        self.up = nn.ConvTranspose2d(1, 1, 2)

    def forward(self, x):
        return self.up(torch.cumsum(x, 2))


class Clipped(nn.Module):
    """ReLU6 and hard tanh, as MobileNet and its kin have them; a range that does not begin at zero."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3)
        self.out = nn.Linear(64, 5)
        self.conv.weight.data *= 12

    def forward(self, x):
        x = F.hardtanh(F.max_pool2d(F.relu6(self.conv(x)), 2, 1), -0.25, 2.5)
        return self.out(torch.clamp(x, 0.5, 2).flatten(1))


class PreActivation(nn.Module):
    """Batch normalization before the convolutions and after a sum, so that no weights can take it in."""

    def __init__(self):
        super().__init__()
        self.first, self.second, self.last = nn.BatchNorm2d(3), nn.BatchNorm2d(3), nn.BatchNorm2d(3)
        self.conv1 = nn.Conv2d(3, 3, 3, padding=1)
        self.conv2 = nn.Conv2d(3, 3, 3, padding=1, bias=False)
        self.head = nn.Linear(3, 4)
        for layer in (self.first, self.second, self.last):
            layer.running_mean.uniform_(-0.5, 0.5)
            layer.running_var.uniform_(0.5, 2)
            layer.weight.data.uniform_(0.5, 2)
            layer.bias.data.uniform_(-1, 1)

    def forward(self, x):
        y = self.conv1(F.relu(self.first(x)))
        x = x + self.conv2(F.relu(self.second(y)))
        return self.head(F.relu(self.last(x)).mean([2, 3]))


class Padded(nn.Module):
    """F.pad before a convolution, and means that count the padding."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 4, stride=2)
        self.pool = nn.AvgPool2d(3, 2, padding=1)
        self.out = nn.Linear(3 * 3 * 3, 4)

    def forward(self, x):
        return self.out(self.pool(F.relu(self.conv(F.pad(x, (1, 1, 1, 1))))).flatten(1))


class Arithmetic(nn.Module):
    """Constants in every place: a normalized input, factors for each channel, one minus, a negative."""

    def __init__(self):
        super().__init__()
        self.mean = nn.Parameter(torch.rand(1, 3, 1, 1))
        self.deviation = nn.Parameter(torch.rand(1, 3, 1, 1) + 0.5)
        self.gain = nn.Parameter(torch.rand(4, 1, 1) + 0.5)
        self.conv = nn.Conv2d(3, 4, 2, padding=1)
        self.out = nn.Linear(4 * 6 * 6, 3)

    def forward(self, x):
        x = self.conv((x - self.mean) / self.deviation)
        x = 1 - torch.tanh(-x) * self.gain
        return self.out(x.view(x.size(0), -1)) * 0.5 + 0.25


class Smooth(nn.Module):
    """ELU, GELU and SiLU, of which the standard has only the first."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 3, 3)
        self.hidden = nn.Linear(48, 8)
        self.out = nn.Linear(8, 3)

    def forward(self, x):
        return self.out(F.elu(self.hidden(F.gelu(F.silu(self.conv(x))).flatten(1))))


class Slopes(nn.Module):
    """Slopes that are learned or not the usual ones, and the hard relatives of the sigmoid."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 4, 3), nn.PReLU(4), nn.Conv2d(4, 3, 3), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(48, 9),
                                  nn.PReLU(), nn.Linear(9, 8), nn.ELU(0.5), nn.Linear(8, 7), nn.Hardswish(), nn.Linear(7, 4),
                                  nn.Hardsigmoid())
        self.body[1].weight.data.uniform_(-0.5, 0.5)

    def forward(self, x):
        return self.body(x * 4)


class Decoder(nn.Module):
    """From a few numbers to a picture: view() to maps, transposed convolution, upsampling, uneven padding, a crop."""

    def __init__(self):
        super().__init__()
        self.start = nn.Linear(5, 18)
        self.up = nn.ConvTranspose2d(2, 3, 3, stride=2, padding=1, output_padding=1)
        self.conv = nn.Conv2d(3, 2, 3)

    def forward(self, x):
        x = F.relu(self.up(torch.tanh(self.start(x)).view(-1, 2, 3, 3)))
        x = F.interpolate(self.conv(F.pad(x, (0, 2, 1, 1))), scale_factor=2, mode="bilinear", align_corners=False)
        return F.interpolate(x[:, :, 1:-2, 2:9], scale_factor=2).flatten(1)


class Gated(nn.Module):
    """Squeeze and excitation, halves of the channels that gate each other, a difference, a skip as in a U-Net."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3, stride=2, padding=1)
        self.squeeze, self.excite = nn.Linear(4, 2), nn.Linear(2, 4)
        self.last = nn.Conv2d(5, 1, 1)

    def forward(self, x):
        first, second = self.conv(x).chunk(2, 1)
        y = F.relu(first * torch.sigmoid(second) - second)
        y = y * torch.sigmoid(self.excite(F.relu(self.squeeze(y.mean([2, 3])))))[:, :, None, None]
        return self.last(torch.cat([F.interpolate(y, size=x.shape[2:]), x], 1)).flatten(1)


class Signal(nn.Module):
    """One-dimensional layers: three dimensions (batch, channels, values)."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv1d(2, 4, 3, padding=1), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(4, 6, 3, stride=2, bias=False),
                                  nn.BatchNorm1d(6), nn.PReLU(6))
        self.gain = nn.Parameter(torch.rand(6, 1) + 0.5)
        self.mean, self.flat = nn.Linear(6, 3), nn.Linear(18, 3)

    def forward(self, x):
        x = self.body(x) * self.gain
        x = torch.cat([x, F.pad(x, (1, 0))[:, :, :-1]], 1)[:, 3:9]
        return self.mean(x.mean(-1)) + self.flat(x.flatten(1))


def export(name, module, shape, opset, expected=True, log=False, folding=True):
    module.eval()
    count = 1
    for size in shape:
        count *= size
    values = torch.tensor([((i * 37 + 11) % 101) / 101 for i in range(count)], dtype=torch.float32)
    image = values.reshape(1, *shape)
    torch.onnx.export(module, image, name + ".onnx", opset_version=opset, input_names=["image"], output_names=["scores"],
                      dynamic_axes={"image": {0: "batch"}, "scores": {0: "batch"}}, do_constant_folding=folding)
    if expected:
        result = module(image)[0]
        EXPECTED[name] = [round(v, 7) for v in result.tolist()]


export("classic", Classic(), (1, 16, 16), 13)
export("normalized", Normalized(), (3, 12, 12), 11)
export("dense", Dense(), (36,), 14)
export("ways", Ways(), (2, 7, 7), 13)
export("channels-last", ChannelsLast(), (6, 6, 3), 12)
export("historic", Historic(), (1, 8, 8), 13)
export("unsupported", Unsupported(), (1, 4, 4), 13, expected=False)
export("clipped", Clipped(), (2, 7, 7), 13)
export("pre-activation", PreActivation(), (3, 6, 5), 13)
export("padded", Padded(), (1, 10, 10), 13)
export("padded-by-constants", Padded(), (1, 10, 10), 11, folding=False)
export("arithmetic", Arithmetic(), (3, 5, 5), 12)
export("smooth", Smooth(), (2, 6, 6), 14)
export("slopes", Slopes(), (1, 8, 8), 14)
export("decoder", Decoder(), (5,), 13)
export("gated", Gated(), (1, 6, 6), 12)
export("gated-unfolded", Gated(), (1, 6, 6), 11, folding=False)
export("signal", Signal(), (2, 16), 13)
with open("expected.json", "w") as file:
    json.dump(EXPECTED, file, indent=1)
    file.write("\n")
