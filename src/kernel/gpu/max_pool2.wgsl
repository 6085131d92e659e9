const ROWS = HEIGHT / 2u;
const COLUMNS = WIDTH / 2u;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let unit = (group.z * groups.x + group.x) * 64u + local;
    if (unit >= size.planes * ROWS * COLUMNS) { return; }
    let line = unit / COLUMNS;
    let top = (line / ROWS * HEIGHT + line % ROWS * 2u) * WIDTH + unit % COLUMNS * 2u;
    y[unit] = later(later(later(x[top], x[top + 1u]), x[top + WIDTH]), x[top + WIDTH + 1u]);
}
