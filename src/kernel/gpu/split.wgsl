// FROM and TO are where the parts begin in `whole` and in `apart`.
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let i = id.x;
    if (i >= size.len) { return; }
    var begins = FROM;
    var places = TO;
    var place = i;
    for (var part = 0u; part < PARTS; part++) {
        if (i >= begins[part]) { place = i - begins[part] + places[part]; }
    }
    apart[place] = whole[i];
}
