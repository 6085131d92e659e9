// Four maps, two rows and four columns an invocation; a workgroup shares the taps of its maps, four side by side.
// `tap`, `seen`, `begun` and `done` say which correlation it is.
const PAIRS = (HEIGHT + 1u) / 2u;
const QUADS = (WIDTH + 3u) / 4u;
const WHOLE = WIDTH % 4u == 0u;
const CHUNK = min(INPUTS, 32u);
var<workgroup> taps: array<vec4<f32>, 9u * CHUNK>;

// Six values of a row, from the one before `column` on.
struct Cells {
    a: vec4<f32>,
    b: vec2<f32>,
}

fn cell(row: u32, column: u32, inside: bool) -> f32 {
    return select(0.0, seen(row + min(column, WIDTH - 1u)), inside);
}

fn cells(plane: u32, row: u32, column: u32) -> Cells {
    // Row 0 is the one above the map.
    if (row == 0u || row > HEIGHT) { return Cells(vec4(0.0), vec2(0.0)); }
    let start = plane + (row - 1u) * WIDTH;
    return Cells(
        vec4(
            cell(start, max(column, 1u) - 1u, column > 0u),
            seen(start + column),
            cell(start, column + 1u, WHOLE || column + 1u < WIDTH),
            cell(start, column + 2u, WHOLE || column + 2u < WIDTH),
        ),
        vec2(
            cell(start, column + 3u, WHOLE || column + 3u < WIDTH),
            cell(start, column + 4u, column + 4u < WIDTH),
        ),
    );
}

fn put(image: u32, map: u32, row: u32, column: u32, sums: vec4<f32>) {
    if (map < OUTPUTS && row < HEIGHT) {
        let at = ((image * OUTPUTS + map) * HEIGHT + row) * WIDTH + column;
        let values = done(sums);
        y[at] = values.x;
        if (WHOLE || column + 1u < WIDTH) { y[at + 1u] = values.y; }
        if (WHOLE || column + 2u < WIDTH) { y[at + 2u] = values.z; }
        if (WHOLE || column + 3u < WIDTH) { y[at + 3u] = values.w; }
    }
}

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let map = 4u * group.y;
    let units = size.images * PAIRS * QUADS;
    let unit = (group.z * groups.x + group.x) * 64u + local;
    let column = min(unit, units - 1u) % QUADS * 4u;
    let pair = min(unit, units - 1u) / QUADS;
    let image = pair / PAIRS;
    let row = pair % PAIRS * 2u;
    var a0 = begun(map);
    var a1 = a0;
    var a2 = a0;
    var a3 = a0;
    var b0 = a0;
    var b1 = a0;
    var b2 = a0;
    var b3 = a0;
    for (var first = 0u; first < INPUTS; first += CHUNK) {
        workgroupBarrier();
        for (var t = local; t < 9u * CHUNK; t += 64u) {
            let input = min(first + t / 9u, INPUTS - 1u);
            let k = t % 9u;
            taps[t] = vec4(
                tap(map, input, k),
                tap(map + 1u, input, k),
                tap(map + 2u, input, k),
                tap(map + 3u, input, k),
            );
        }
        workgroupBarrier();
        for (var input = 0u; input < min(CHUNK, INPUTS - first); input++) {
            let t = input * 9u;
            let upper = mat3x4<f32>(taps[t], taps[t + 1u], taps[t + 2u]);
            let middle = mat3x4<f32>(taps[t + 3u], taps[t + 4u], taps[t + 5u]);
            let lower = mat3x4<f32>(taps[t + 6u], taps[t + 7u], taps[t + 8u]);
            let plane = (image * INPUTS + first + input) * HEIGHT * WIDTH;
            let p = cells(plane, row, column);
            let q = cells(plane, row + 1u, column);
            let r = cells(plane, row + 2u, column);
            let s = cells(plane, row + 3u, column);
            a0 += upper * p.a.xyz + middle * q.a.xyz + lower * r.a.xyz;
            a1 += upper * p.a.yzw + middle * q.a.yzw + lower * r.a.yzw;
            a2 += upper * vec3(p.a.zw, p.b.x) + middle * vec3(q.a.zw, q.b.x) + lower * vec3(r.a.zw, r.b.x);
            a3 += upper * vec3(p.a.w, p.b) + middle * vec3(q.a.w, q.b) + lower * vec3(r.a.w, r.b);
            b0 += upper * q.a.xyz + middle * r.a.xyz + lower * s.a.xyz;
            b1 += upper * q.a.yzw + middle * r.a.yzw + lower * s.a.yzw;
            b2 += upper * vec3(q.a.zw, q.b.x) + middle * vec3(r.a.zw, r.b.x) + lower * vec3(s.a.zw, s.b.x);
            b3 += upper * vec3(q.a.w, q.b) + middle * vec3(r.a.w, r.b) + lower * vec3(s.a.w, s.b);
        }
    }
    if (unit < units) {
        put(image, map, row, column, vec4(a0.x, a1.x, a2.x, a3.x));
        put(image, map + 1u, row, column, vec4(a0.y, a1.y, a2.y, a3.y));
        put(image, map + 2u, row, column, vec4(a0.z, a1.z, a2.z, a3.z));
        put(image, map + 3u, row, column, vec4(a0.w, a1.w, a2.w, a3.w));
        put(image, map, row + 1u, column, vec4(b0.x, b1.x, b2.x, b3.x));
        put(image, map + 1u, row + 1u, column, vec4(b0.y, b1.y, b2.y, b3.y));
        put(image, map + 2u, row + 1u, column, vec4(b0.z, b1.z, b2.z, b3.z));
        put(image, map + 3u, row + 1u, column, vec4(b0.w, b1.w, b2.w, b3.w));
    }
}
