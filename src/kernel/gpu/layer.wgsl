// Four images and four outputs a row of the workgroup; its eight columns add every eighth four of the inputs.
const FOURS = INPUTS / 4u;
const TILES = (OUTPUTS + 3u) / 4u;
var<workgroup> sums: array<vec4<f32>, 256>;

fn done(sum: f32) -> f32 { return select(sum, 0.0, RELU && sum <= 0.0); }

@compute @workgroup_size(8, 8)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let unit = (group.z * groups.x + group.x) * 8u + local.y;
    let image = unit / TILES * 4u;
    let first = unit % TILES * 4u;
    let images = min(vec4(image, image + 1u, image + 2u, image + 3u), vec4(size.images - 1u)) * FOURS;
    let outputs = min(vec4(first, first + 1u, first + 2u, first + 3u), vec4(OUTPUTS - 1u)) * FOURS;
    var a = vec4(0.0);
    var b = a;
    var c = a;
    var d = a;
    for (var k = local.x; k < FOURS; k += 8u) {
        let w0 = weight[outputs.x + k];
        let w1 = weight[outputs.y + k];
        let w2 = weight[outputs.z + k];
        let w3 = weight[outputs.w + k];
        let x0 = x[images.x + k];
        let x1 = x[images.y + k];
        let x2 = x[images.z + k];
        let x3 = x[images.w + k];
        a += vec4(dot(x0, w0), dot(x0, w1), dot(x0, w2), dot(x0, w3));
        b += vec4(dot(x1, w0), dot(x1, w1), dot(x1, w2), dot(x1, w3));
        c += vec4(dot(x2, w0), dot(x2, w1), dot(x2, w2), dot(x2, w3));
        d += vec4(dot(x3, w0), dot(x3, w1), dot(x3, w2), dot(x3, w3));
    }
    let at = (local.y * 8u + local.x) * 4u;
    sums[at] = a;
    sums[at + 1u] = b;
    sums[at + 2u] = c;
    sums[at + 3u] = d;
    workgroupBarrier();
    // The first four columns write an image each.
    if (local.x < 4u && image + local.x < size.images) {
        var total = vec4(0.0);
        for (var column = 0u; column < 8u; column++) { total += sums[(local.y * 8u + column) * 4u + local.x]; }
        let out = (image + local.x) * OUTPUTS + first;
        y[out] = done(total.x + bias[first]);
        if (first + 1u < OUTPUTS) { y[out + 1u] = done(total.y + bias[first + 1u]); }
        if (first + 2u < OUTPUTS) { y[out + 2u] = done(total.z + bias[first + 2u]); }
        if (first + 3u < OUTPUTS) { y[out + 3u] = done(total.w + bias[first + 3u]); }
    }
}
