// Four parts, some of which may be empty, from `start` on.
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let i = id.x;
    if (i < size.end0) {
        whole[size.start + i] = part0[i];
    } else if (i < size.end1) {
        whole[size.start + i] = part1[i - size.end0];
    } else if (i < size.end2) {
        whole[size.start + i] = part2[i - size.end1];
    } else if (i < size.end3) {
        whole[size.start + i] = part3[i - size.end2];
    }
}
