# Rebuilds a small CNN of the Semantic Continuity Lab: pip install torch safetensors
import json
import torch
import torch.nn.functional as F
from safetensors import safe_open

def load(path):
    with safe_open(path, "pt") as file:
        return json.loads(file.metadata()["config"]), {name: file.get_tensor(name).float() for name in file.keys()}

def logits(config, p, x):
    """x: images [n, c, h, w], values from 0 to 1."""
    mean, std = (torch.tensor(config[key]).view(1, -1, 1, 1) for key in ("mean", "std"))
    x = (x - mean) / std
    for layer in ("conv1", "conv2"):
        x = F.max_pool2d(F.relu(F.conv2d(x, p[layer + ".weight"], p[layer + ".bias"], padding=1)), 2)
    x = F.relu(F.linear(x.flatten(1), p["fc1.weight"], p["fc1.bias"]))
    return F.linear(x, p["fc2.weight"], p["fc2.bias"])
