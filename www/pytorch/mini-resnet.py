# Rebuilds a mini ResNet of the Semantic Continuity Lab: pip install torch safetensors
import json
import torch
import torch.nn.functional as F
from safetensors import safe_open

def load(path):
    with safe_open(path, "pt") as file:
        return json.loads(file.metadata()["config"]), {name: file.get_tensor(name).float() for name in file.keys()}

def logits(config, p, x):
    """x: images [n, c, h, w], values from 0 to 1."""
    def conv(name, x, stride=1):
        weight = p[name + ".weight"]
        return F.conv2d(x, weight, p[name + ".bias"], stride=stride, padding=weight.shape[2] // 2)
    def norm(name, x):
        return F.group_norm(x, 4, p[name + ".weight"], p[name + ".bias"], eps=1e-5)
    mean, std = (torch.tensor(config[key]).view(1, -1, 1, 1) for key in ("mean", "std"))
    x = F.relu(norm("stem_norm", conv("stem", (x - mean) / std)))
    for i in range(3):
        name, stride = f"stage{i}.", 1 if i == 0 else 2
        y = F.relu(norm(name + "norm1", conv(name + "conv1", x, stride)))
        y = norm(name + "norm2", conv(name + "conv2", y))
        x = F.relu(y + (conv(name + "skip", x, stride) if i else x))
    return F.linear(x.mean((2, 3)), p["fc.weight"], p["fc.bias"])
