// Four outputs and four inputs a column of the workgroup; each of its eight rows adds every eighth image.
const FOURS = INPUTS / 4u;
var<workgroup> sums: array<vec4<f32>, 256>;
var<workgroup> gradients_of: array<vec4<f32>, 64>;

@compute @workgroup_size(8, 8)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
    let first = group.y * 4u;
    let input = group.x * 8u + local.x;
    let outputs = min(vec4(first, first + 1u, first + 2u, first + 3u), vec4(OUTPUTS - 1u));
    var a = vec4(0.0);
    var b = a;
    var c = a;
    var d = a;
    var sum = a;
    for (var image = local.y; image < size.images; image += 8u) {
        let starts = image * OUTPUTS + outputs;
        let g = vec4(seen(starts.x), seen(starts.y), seen(starts.z), seen(starts.w));
        let v = x[image * FOURS + min(input, FOURS - 1u)];
        a += v * g.x;
        b += v * g.y;
        c += v * g.z;
        d += v * g.w;
        sum += g;
    }
    let at = (local.y * 8u + local.x) * 4u;
    sums[at] = a;
    sums[at + 1u] = b;
    sums[at + 2u] = c;
    sums[at + 3u] = d;
    gradients_of[local.y * 8u + local.x] = sum;
    workgroupBarrier();
    // The first four rows write an output each.
    let output = first + local.y;
    if (local.y < 4u && output < OUTPUTS && input < FOURS) {
        var total = vec4(0.0);
        var gradients = vec4(0.0);
        for (var row = 0u; row < 8u; row++) {
            total += sums[(row * 8u + local.x) * 4u + local.y];
            gradients += gradients_of[row * 8u + local.x];
        }
        weight[output * FOURS + input] = total;
        if (input == 0u) { bias[output] = gradients[local.y]; }
    }
}
