// Sixteen values a workgroup; each of its sixteen rows adds every sixteenth part, and the first adds the rows.
const LEN = WEIGHTS + BIASES;
var<workgroup> sums: array<f32, 256>;

@compute @workgroup_size(16, 16)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let at = group.x * 16u + local.x;
    var sum = 0.0;
    for (var part = local.y; part < size.splits; part += 16u) {
        sum += parts[part * LEN + min(at, LEN - 1u)];
    }
    sums[local.y * 16u + local.x] = sum;
    workgroupBarrier();
    if (local.y == 0u && at < LEN) {
        var total = 0.0;
        for (var row = 0u; row < 16u; row++) { total += sums[row * 16u + local.x]; }
        if (at < WEIGHTS) { weight[at] = total; } else { bias[at - WEIGHTS] = total; }
    }
}
