"""The costs of `cargo lab bench` in PyTorch on one thread, eager, as one line of JSON of the same names.

The same networks, batches and steps; pixels and weights are drawn, which changes no cost. Each time is a median of
several, after some to warm up.
"""
import json
import statistics
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(1)
BATCH, CLASSES, SIDE = 64, 10, 28
ALPHA, SIGMA, EPSILON = 1.0, 0.1, 0.1
STAGES, GROUPS = [8, 16, 32], 4


def parameter(*shape):
    return (torch.randn(shape) * 0.1).requires_grad_()


def layer(name, *shape):
    return {f"{name}.weight": parameter(*shape), f"{name}.bias": parameter(shape[0])}


def small_cnn():
    p = layer("conv1", 8, 1, 3, 3) | layer("conv2", 16, 8, 3, 3)
    p |= layer("fc1", 64, 16 * (SIDE // 4) ** 2) | layer("fc2", CLASSES, 64)

    def logits(x):
        for name in ("conv1", "conv2"):
            x = F.max_pool2d(F.relu(F.conv2d(x, p[f"{name}.weight"], p[f"{name}.bias"], padding=1)), 2)
        x = F.relu(F.linear(x.flatten(1), p["fc1.weight"], p["fc1.bias"]))
        return F.linear(x, p["fc2.weight"], p["fc2.bias"])

    return p, logits


def mini_resnet():
    p = layer("stem", 8, 1, 3, 3) | layer("stem_norm", 8) | layer("fc", CLASSES, 32)
    inputs = [8, 8, 16]
    for i, (of, to) in enumerate(zip(inputs, STAGES)):
        p |= layer(f"{i}.conv1", to, of, 3, 3) | layer(f"{i}.norm1", to)
        p |= layer(f"{i}.conv2", to, to, 3, 3) | layer(f"{i}.norm2", to) | layer(f"{i}.skip", to, of, 1, 1)

    def conv(name, x, stride=1):
        weight = p[f"{name}.weight"]
        return F.conv2d(x, weight, p[f"{name}.bias"], stride=stride, padding=weight.shape[2] // 2)

    def norm(name, x):
        return F.group_norm(x, GROUPS, p[f"{name}.weight"], p[f"{name}.bias"])

    def logits(x):
        x = F.relu(norm("stem_norm", conv("stem", x)))
        for i, (of, to) in enumerate(zip(inputs, STAGES)):
            stride = 1 if of == to else 2
            y = F.relu(norm(f"{i}.norm1", conv(f"{i}.conv1", x, stride)))
            y = norm(f"{i}.norm2", conv(f"{i}.conv2", y))
            x = F.relu(y + (x if of == to else conv(f"{i}.skip", x, stride)))
        return F.linear(x.mean((2, 3)), p["fc.weight"], p["fc.bias"])

    return p, logits


images = torch.rand(4096, 1, SIDE, SIDE)
labels = torch.randint(CLASSES, (4096,))


def training(network, alpha):
    parameters, logits = network()
    parameters = list(parameters.values())
    # Of its ways to make a step the fastest.
    optimizer = torch.optim.Adam(parameters, 1e-3, fused=True)

    def step():
        chosen = torch.randint(len(images), (BATCH,))
        x, y = images[chosen], labels[chosen]
        if alpha > 0:
            z, changed = logits(torch.cat([x, (x + SIGMA * torch.randn_like(x)).clamp(0, 1)])).chunk(2)
            loss = F.cross_entropy(z, y) + alpha * (z - changed).square().sum(1).mean()
        else:
            z = logits(x)
            loss = F.cross_entropy(z, y)
        optimizer.zero_grad()
        loss.backward()
        # What a run records of a step.
        norm = torch.nn.utils.get_total_norm([p.grad for p in parameters if p.grad is not None])
        accuracy = (z.argmax(1) == y).float().mean()
        optimizer.step()
        return loss.item(), norm.item(), accuracy.item()

    return step


def attacked(logits, x, y, steps=20):
    rate = 2.5 * EPSILON / steps
    at = (x + (2 * torch.rand_like(x) - 1) * EPSILON).clamp(0, 1)
    for _ in range(steps):
        at = at.detach().requires_grad_()
        (slope,) = torch.autograd.grad(F.cross_entropy(logits(at), y, reduction="sum"), at)
        at = (x + (at.detach() + rate * slope.sign() - x).clamp(-EPSILON, EPSILON)).clamp(0, 1)
    with torch.no_grad():
        return logits(at).argmax(1) == y


def pgd(logits):
    return [attacked(logits, images[at : at + 100], labels[at : at + 100]) for at in (0, 100)]


def integrated_gradients(logits, steps=64):
    x = images[:1]
    at = ((torch.arange(steps) + 0.5) / steps).view(-1, 1, 1, 1)
    path = (x * at).requires_grad_()
    (slopes,) = torch.autograd.grad(logits(path)[:, 0].sum(), path)
    return (slopes.mean(0) * x[0]).sum(0)


def lime(logits, samples=500, cell=4, penalty=1e-3, width=0.25):
    x = images[:1]
    blurred = F.avg_pool2d(x, 5, 1, 2)
    across = SIDE // cell
    shown = (torch.rand(samples, across * across) < 0.5).float()
    masks = shown.view(-1, 1, across, across).repeat_interleave(cell, 2).repeat_interleave(cell, 3)
    with torch.no_grad():
        targets = logits(x * masks + blurred * (1 - masks))[:, 0]
    weights = (-0.5 * ((1 - shown.mean(1).sqrt()) / width) ** 2).exp()[:, None]
    features = shown - (weights * shown).sum(0) / weights.sum()
    gram = features.T @ (weights * features) + penalty * torch.eye(features.shape[1])
    return torch.linalg.solve(gram, features.T @ (weights[:, 0] * targets))


def milliseconds(what, times, warm=3):
    for _ in range(warm):
        what()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        what()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


_, model = small_cnn()
print(
    json.dumps(
        {
            "of": f"PyTorch {torch.__version__.split('+')[0]}",
            "step": milliseconds(training(small_cnn, ALPHA), 40),
            "step_plain": milliseconds(training(small_cnn, 0.0), 40),
            "step_mini_resnet": milliseconds(training(mini_resnet, ALPHA), 8),
            "pgd": milliseconds(lambda: pgd(model), 2, 1),
            "integrated_gradients": milliseconds(lambda: integrated_gradients(model), 10),
            "lime": milliseconds(lambda: lime(model), 10),
        }
    )
)
