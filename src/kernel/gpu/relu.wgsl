@compute @workgroup_size(64)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
    @builtin(local_invocation_index) local: u32,
) {
    let unit = (group.z * groups.x + group.x) * 64u + local;
    if (unit < size.len) { y[unit] = select(seen(unit), 0.0, FORWARD && seen(unit) <= 0.0); }
}
