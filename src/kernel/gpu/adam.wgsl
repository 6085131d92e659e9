@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let i = id.x;
    if (i >= size.len) { return; }
    let g = gradient[i];
    let m = first[i] * BETA1 + g * (1.0 - BETA1);
    let v = second[i] * BETA2 + g * g * (1.0 - BETA2);
    next_first[i] = m;
    next_second[i] = v;
    next_theta[i] = theta[i] - m / (sqrt(v) * bitcast<f32>(size.scale) + EPSILON) * bitcast<f32>(size.rate);
}
