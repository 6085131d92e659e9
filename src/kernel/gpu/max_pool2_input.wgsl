// One window an invocation; a last row or column without a partner belongs to none and gets zeros.
const ROWS = HEIGHT / 2u;
const COLUMNS = WIDTH / 2u;
const ALL_ROWS = (HEIGHT + 1u) / 2u;
const ALL_COLUMNS = (WIDTH + 1u) / 2u;

@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let unit = (group.z * groups.x + group.x) * 64u + local;
    if (unit >= size.planes * ALL_ROWS * ALL_COLUMNS) { return; }
    let line = unit / ALL_COLUMNS;
    let plane = line / ALL_ROWS;
    let row = line % ALL_ROWS;
    let column = unit % ALL_COLUMNS;
    let top = (plane * HEIGHT + row * 2u) * WIDTH + column * 2u;
    if (row < ROWS && column < COLUMNS) {
        let g = dy[(plane * ROWS + row) * COLUMNS + column];
        let a = x[top];
        let b = later(a, x[top + 1u]);
        let c = later(b, x[top + WIDTH]);
        let is_d = moves(c, x[top + WIDTH + 1u]);
        let is_c = !is_d && moves(b, x[top + WIDTH]);
        let is_b = !is_d && !is_c && moves(a, x[top + 1u]);
        dx[top] = select(g, 0.0, is_b || is_c || is_d);
        dx[top + 1u] = select(0.0, g, is_b);
        dx[top + WIDTH] = select(0.0, g, is_c);
        dx[top + WIDTH + 1u] = select(0.0, g, is_d);
        return;
    }
    dx[top] = 0.0;
    if (column * 2u + 1u < WIDTH) { dx[top + 1u] = 0.0; }
    if (row * 2u + 1u < HEIGHT) { dx[top + WIDTH] = 0.0; }
}
