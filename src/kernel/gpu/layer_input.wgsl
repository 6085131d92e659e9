// Four images and four inputs an invocation. `seen` is the gradient.
const FOURS = INPUTS / 4u;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let unit = (group.z * groups.x + group.x) * 64u + local;
    let image = unit / FOURS * 4u;
    let input = unit % FOURS;
    if (image >= size.images) { return; }
    let images = min(vec4(image, image + 1u, image + 2u, image + 3u), vec4(size.images - 1u));
    let starts = images * OUTPUTS;
    var a = vec4(0.0);
    var b = a;
    var c = a;
    var d = a;
    for (var output = 0u; output < OUTPUTS; output++) {
        let w = weight[output * FOURS + input];
        a += w * seen(starts.x + output);
        b += w * seen(starts.y + output);
        c += w * seen(starts.z + output);
        d += w * seen(starts.w + output);
    }
    // Behind the last image the last is written again, with the same values.
    dx[images.x * FOURS + input] = a;
    dx[images.y * FOURS + input] = b;
    dx[images.z * FOURS + input] = c;
    dx[images.w * FOURS + input] = d;
}
