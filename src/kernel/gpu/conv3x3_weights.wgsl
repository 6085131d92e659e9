// Nine taps of four output maps and one input map an invocation, over some rows of the batch. `seen` is the gradient.
const PAIRS = INPUTS * ((OUTPUTS + 3u) / 4u);
const WEIGHTS = OUTPUTS * INPUTS * 9u;

fn put(split: u32, map: u32, input: u32, a: vec3<f32>, b: vec3<f32>, c: vec3<f32>, sum: f32) {
    if (map < OUTPUTS) {
        let start = split * (WEIGHTS + OUTPUTS);
        let at = start + (map * INPUTS + input) * 9u;
        parts[at] = a.x;
        parts[at + 1u] = a.y;
        parts[at + 2u] = a.z;
        parts[at + 3u] = b.x;
        parts[at + 4u] = b.y;
        parts[at + 5u] = b.z;
        parts[at + 6u] = c.x;
        parts[at + 7u] = c.y;
        parts[at + 8u] = c.z;
        if (input == 0u) { parts[start + WEIGHTS + map] = sum; }
    }
}

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let unit = (group.z * groups.x + group.x) * 64u + local;
    let split = unit / PAIRS;
    if (split >= size.splits) { return; }
    let map = unit % PAIRS / INPUTS * 4u;
    let input = unit % PAIRS % INPUTS;
    let maps = min(vec4(map, map + 1u, map + 2u, map + 3u), vec4(OUTPUTS - 1u));
    var s0 = vec4(0.0);
    var s1 = s0;
    var s2 = s0;
    var s3 = s0;
    var s4 = s0;
    var s5 = s0;
    var s6 = s0;
    var s7 = s0;
    var s8 = s0;
    var sum = s0;
    let end = min((split + 1u) * size.rows, size.images * HEIGHT);
    for (var line = split * size.rows; line < end; line++) {
        let image = line / HEIGHT;
        let row = line % HEIGHT;
        let above = row > 0u;
        let below = row + 1u < HEIGHT;
        let middle = ((image * INPUTS + input) * HEIGHT + row) * WIDTH;
        let top = select(middle, middle - WIDTH, above);
        let bottom = select(middle, middle + WIDTH, below);
        let starts = ((image * OUTPUTS + maps) * HEIGHT + row) * WIDTH;
        var t0 = 0.0;
        var m0 = 0.0;
        var b0 = 0.0;
        var t1 = select(0.0, x[top], above);
        var m1 = x[middle];
        var b1 = select(0.0, x[bottom], below);
        for (var j = 0u; j < WIDTH; j++) {
            let inside = j + 1u < WIDTH;
            let next = min(j + 1u, WIDTH - 1u);
            let t2 = select(0.0, x[top + next], above && inside);
            let m2 = select(0.0, x[middle + next], inside);
            let b2 = select(0.0, x[bottom + next], below && inside);
            let g = vec4(seen(starts.x + j), seen(starts.y + j), seen(starts.z + j), seen(starts.w + j));
            s0 += g * t0;
            s1 += g * t1;
            s2 += g * t2;
            s3 += g * m0;
            s4 += g * m1;
            s5 += g * m2;
            s6 += g * b0;
            s7 += g * b1;
            s8 += g * b2;
            sum += g;
            t0 = t1;
            t1 = t2;
            m0 = m1;
            m1 = m2;
            b0 = b1;
            b1 = b2;
        }
    }
    put(split, map, input, vec3(s0.x, s1.x, s2.x), vec3(s3.x, s4.x, s5.x), vec3(s6.x, s7.x, s8.x), sum.x);
    put(split, map + 1u, input, vec3(s0.y, s1.y, s2.y), vec3(s3.y, s4.y, s5.y), vec3(s6.y, s7.y, s8.y), sum.y);
    put(split, map + 2u, input, vec3(s0.z, s1.z, s2.z), vec3(s3.z, s4.z, s5.z), vec3(s6.z, s7.z, s8.z), sum.z);
    put(split, map + 3u, input, vec3(s0.w, s1.w, s2.w), vec3(s3.w, s4.w, s5.w), vec3(s6.w, s7.w, s8.w), sum.w);
}
