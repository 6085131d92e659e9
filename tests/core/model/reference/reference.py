"""Writes the reference logits of this folder with PyTorch: python reference.py (after pip install torch safetensors).

The networks are the very snippets that the page shows. The mini ResNet has random parameters, made here once.
"""
import importlib.util
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

HERE = Path(__file__).parent
ROOT = HERE.parents[3]


def snippet(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), ROOT / "www/pytorch" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def images(config):
    """Counting pixels, the same as in the test."""
    n, size = 3, config["channels"] * config["height"] * config["width"]
    values = [((p * 7 + k * 31) % 251) / 255 for k in range(n) for p in range(size)]
    return torch.tensor(values).view(n, config["channels"], config["height"], config["width"])


def random_mini_resnet(path):
    torch.manual_seed(1)
    config = dict(architecture="mini-resnet", channels=3, height=16, width=12, classes=5, mean=[0.5, 0.4, 0.3], std=[0.2, 0.3, 0.25])
    p = {}

    def conv(name, i, o, k):
        p[f"{name}.weight"], p[f"{name}.bias"] = torch.randn(o, i, k, k) * 0.2, torch.randn(o) * 0.2

    def norm(name, c):
        p[f"{name}.weight"], p[f"{name}.bias"] = 1 + 0.2 * torch.randn(c), 0.2 * torch.randn(c)

    conv("stem", 3, 8, 3), norm("stem_norm", 8)
    for stage, (i, o) in enumerate([(8, 8), (8, 16), (16, 32)]):
        conv(f"stage{stage}.conv1", i, o, 3), norm(f"stage{stage}.norm1", o)
        conv(f"stage{stage}.conv2", o, o, 3), norm(f"stage{stage}.norm2", o)
        if i != o:
            conv(f"stage{stage}.skip", i, o, 1)
    p["fc.weight"], p["fc.bias"] = torch.randn(5, 32), torch.randn(5)
    save_file({name: value.half().contiguous() for name, value in p.items()}, path, {"config": json.dumps(config)})


if __name__ == "__main__":
    resnet = HERE / "mini-resnet.safetensors"
    if not resnet.exists():
        random_mini_resnet(resnet)
    for name, path in [("small-cnn", ROOT / "www/weights/fashion-mnist-small-cnn-continuity.safetensors"), ("mini-resnet", resnet)]:
        module = snippet(name)
        config, parameters = module.load(path)
        with torch.no_grad():
            logits = module.logits(config, parameters, images(config))
        (HERE / f"{name}.json").write_text(json.dumps(logits.tolist(), indent=1) + "\n")
