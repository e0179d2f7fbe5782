#!/usr/bin/env python3
"""Writes the JSON files beside it: descriptions of large published networks, whose layers repeat. They are described
(`convscope describe vgg16`) and opened by name (`convscope vgg16`) or from a menu of their own. After a change: python3 make.py"""

import json
import pathlib


class Writer:
    """Nodes one after the other; each reads the one before it unless inputs are given."""

    def __init__(self, name, title, description, side=224):
        self.head = {"name": name, "title": title, "description": description}
        self.nodes = [{"name": "input", "type": "input", "channels": 3, "height": side, "width": side}]

    def add(self, node_name, node_type, inputs=None, **fields):
        node = {"name": node_name, "type": node_type}
        if inputs:
            node["inputs"] = [inputs] if isinstance(inputs, str) else inputs
        # What is not said is the layer type's default.
        self.nodes.append(node | {key: value for key, value in fields.items() if (key, value) != ("activation", "none")})
        return node_name

    def conv(self, name, filters, kernel, activation="relu", **fields):
        return self.add(name, "conv2d", filters=filters, kernel=kernel, activation=activation, **fields)

    def dense(self, name, units, activation="relu"):
        return self.add(name, "dense", units=units, activation=activation)

    def classes(self, name, count=1000):
        self.dense(name, count, "none")
        self.add("softmax", "softmax")

    def write(self):
        lines = ["    " + json.dumps(node) for node in self.nodes]
        head = ["  " + json.dumps(key) + ": " + json.dumps(value) for key, value in self.head.items()]
        with open(pathlib.Path(__file__).with_name(self.head["name"] + ".json"), "w") as file:
            file.write("{\n" + ",\n".join(head + ['  "nodes": [\n' + ",\n".join(lines) + "\n  ]"]) + "\n}\n")


def alexnet():
    net = Writer("alexnet", "AlexNet (one tower)", "The network that began the wave (Krizhevsky et al. 2012), as one tower "
                 "(Krizhevsky 2014), the version of torchvision: 61,100,840 parameters.")
    net.conv("conv1", 64, 11, stride=4, padding=2)
    net.add("pool1", "max-pool", kernel=3, stride=2)
    net.conv("conv2", 192, 5, padding=2)
    net.add("pool2", "max-pool", kernel=3, stride=2)
    net.conv("conv3", 384, 3, padding=1)
    net.conv("conv4", 256, 3, padding=1)
    net.conv("conv5", 256, 3, padding=1)
    net.add("pool5", "max-pool", kernel=3, stride=2)
    net.add("dropout6", "dropout", rate=0.5)
    net.dense("fc6", 4096)
    net.add("dropout7", "dropout", rate=0.5)
    net.dense("fc7", 4096)
    net.classes("fc8")
    net.write()


def vgg16():
    net = Writer("vgg16", "VGG-16", "Sixteen layers with weights, all convolutions 3x3 (Simonyan and Zisserman 2014, "
                 "configuration D): 138,357,544 parameters.")
    for stage, (filters, count) in enumerate([(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)], 1):
        for number in range(1, count + 1):
            net.conv(f"conv{stage}_{number}", filters, 3, padding=1)
        net.add(f"pool{stage}", "max-pool", kernel=2)
    for name in ("fc6", "fc7"):
        net.dense(name, 4096)
        net.add("dropout" + name[2:], "dropout", rate=0.5)
    net.classes("fc8")
    net.write()


def normalized(net, name, filters, kernel, activation="relu", **fields):
    """A convolution without bias and batch normalization, which has the activation."""
    net.conv(name, filters, kernel, "none", bias=False, **fields)
    return net.add(name + "_bn", "batch-norm", activation=activation)


def resnet50():
    net = Writer("resnet50", "ResNet-50", "Sixteen blocks that add to what they are given (He et al. 2015), each with a narrow 3x3 "
                 "convolution, which has the stride where there is one, as in torchvision: 25,557,032 parameters.")
    normalized(net, "conv1", 64, 7, stride=2, padding=3)
    last = net.add("pool1", "max-pool", kernel=3, stride=2, padding=1)
    for stage, (width, count) in enumerate([(64, 3), (128, 4), (256, 6), (512, 3)], 2):
        for number in range(1, count + 1):
            name = f"block{stage}_{number}"
            stride = {"stride": 2} if number == 1 and stage > 2 else {}
            way = last
            if number == 1:
                way = normalized(net, name + "_way", 4 * width, 1, "none", inputs=last, **stride)
            normalized(net, name + "_a", width, 1, inputs=last)
            normalized(net, name + "_b", width, 3, padding=1, **stride)
            inner = normalized(net, name + "_c", 4 * width, 1, "none")
            net.add(name + "_sum", "add", [way, inner])
            last = net.add(name, "activation", activation="relu")
    net.add("pool5", "global-average-pool")
    net.classes("fc")
    net.write()


def inception(net, name, before, one, three_reduce, three, five_reduce, five, pool):
    net.conv(name + "_1x1", one, 1, inputs=before)
    net.conv(name + "_3x3_reduce", three_reduce, 1, inputs=before)
    net.conv(name + "_3x3", three, 3, padding=1)
    net.conv(name + "_5x5_reduce", five_reduce, 1, inputs=before)
    net.conv(name + "_5x5", five, 5, padding=2)
    net.add(name + "_pool", "max-pool", before, kernel=3, stride=1, padding=1)
    net.conv(name + "_pool_proj", pool, 1)
    return net.add(name, "concat", [name + part for part in ("_1x1", "_3x3", "_5x5", "_pool_proj")])


def googlenet():
    net = Writer("googlenet", "GoogLeNet (Inception v1)", "Nine blocks of kernels of three sizes side by side (Szegedy et al. 2014), "
                 "without the two auxiliary classifiers that only training used: 6,998,552 parameters.")
    net.conv("conv1", 64, 7, stride=2, padding=3)
    net.add("pool1", "max-pool", kernel=3, stride=2, padding="same")
    net.add("norm1", "local-response-norm", size=5, alpha=0.0001, beta=0.75)
    net.conv("conv2_reduce", 64, 1)
    net.conv("conv2", 192, 3, padding=1)
    net.add("norm2", "local-response-norm", size=5, alpha=0.0001, beta=0.75)
    last = net.add("pool2", "max-pool", kernel=3, stride=2, padding="same")
    for name, sizes in [("3a", (64, 96, 128, 16, 32, 32)), ("3b", (128, 128, 192, 32, 96, 64)), ("pool3", None),
                        ("4a", (192, 96, 208, 16, 48, 64)), ("4b", (160, 112, 224, 24, 64, 64)),
                        ("4c", (128, 128, 256, 24, 64, 64)), ("4d", (112, 144, 288, 32, 64, 64)),
                        ("4e", (256, 160, 320, 32, 128, 128)), ("pool4", None),
                        ("5a", (256, 160, 320, 32, 128, 128)), ("5b", (384, 192, 384, 48, 128, 128))]:
        if sizes:
            last = inception(net, "inception" + name, last, *sizes)
        else:
            last = net.add(name, "max-pool", last, kernel=3, stride=2, padding="same")
    net.add("pool5", "average-pool", kernel=7)
    net.add("dropout", "dropout", rate=0.4)
    net.classes("loss3")
    net.write()


alexnet()
vgg16()
googlenet()
resnet50()
