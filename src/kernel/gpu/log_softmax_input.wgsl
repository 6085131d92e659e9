@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let row = (group.z * groups.x + group.x) * 64u + local;
    if (row >= size.rows) { return; }
    let end = (row + 1u) * size.columns;
    var sum = 0.0;
    for (var i = row * size.columns; i < end; i++) { sum += dy[i]; }
    for (var i = row * size.columns; i < end; i++) { to[i] = dy[i] - exp(y[i]) * sum; }
}
