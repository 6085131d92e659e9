//! The kernels on the graphics processor, in WGSL; their backward passes stand in `backward`.
//!
//! Each launch is one dispatch. Sums over a batch are split into parts, which a second launch adds in one order: no
//! atomics, so a step repeats itself bit for bit on one machine. Sizes of layers are constants of the text, the size of
//! a batch is not: a network compiles each of its kernels once. Shapes that are not here burn computes.

mod backward;
mod device;
mod launch;

pub use device::webgpu;

use super::{AdamStep, Kernels, Parts, of_burn};
use burn::backend::{Cube, ops::FloatTensorOps};
use burn::tensor::Shape;
use burn_cubecl::kernel::into_contiguous as dense;
use burn_cubecl::tensor::CubeTensor;
use launch::{Buffer, Kernel};

/// Invocations of a workgroup, where its file says nothing else.
const GROUP: usize = 64;
/// Invocations that keep a large graphics processor busy: a sum over a batch is split into about as many.
const BUSY: usize = 8192;

const F32: &str = "f32";
const FOUR: &str = "vec4<f32>";

/// The correlation of a convolution: with its kernel as it is, the bias added.
const FORWARD: &str = "
fn tap(map: u32, input: u32, k: u32) -> f32 {
    return select(0.0, weight[(min(map, OUTPUTS - 1u) * INPUTS + input) * 9u + k], map < OUTPUTS);
}
fn seen(at: u32) -> f32 { return x[at]; }
fn begun(map: u32) -> vec4<f32> {
    let maps = min(vec4(map, map + 1u, map + 2u, map + 3u), vec4(OUTPUTS - 1u));
    return vec4(bias[maps.x], bias[maps.y], bias[maps.z], bias[maps.w]);
}
fn done(sums: vec4<f32>) -> vec4<f32> { return select(sums, vec4(0.0), (sums <= vec4(0.0)) & vec4(RELU)); }
";

/// That of its input's gradient: its outputs are what is read, the kernel is turned.
const TURNED: &str = "
fn tap(map: u32, input: u32, k: u32) -> f32 {
    return select(0.0, weight[(input * OUTPUTS + min(map, OUTPUTS - 1u)) * 9u + 8u - k], map < OUTPUTS);
}
fn begun(map: u32) -> vec4<f32> { return vec4(0.0); }
fn done(sums: vec4<f32>) -> vec4<f32> { return sums; }
";

/// What the maximum of a window moves to: what is larger than all before, and whatever is not a number.
const MAXIMUM: &str = "
fn moves(a: f32, b: f32) -> bool { return b > a || (bitcast<u32>(b) & 0x7fffffffu) > 0x7f800000u; }
fn later(a: f32, b: f32) -> f32 { return select(a, b, moves(a, b)); }
";

fn shape<const D: usize>(tensor: &CubeTensor) -> [usize; D] {
    std::array::from_fn(|i| tensor.meta.shape()[i])
}

/// Room for a tensor where `like` is.
fn empty<const D: usize>(like: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    let shape = Shape::from(shape);
    let handle = like.client.empty(shape.num_elements() * size_of::<f32>());
    CubeTensor::new_contiguous(like.client.clone(), like.device.clone(), shape, handle, like.dtype)
}

/// Room for as much as `tensor` has, in its shape.
fn like(tensor: &CubeTensor) -> CubeTensor {
    let handle = tensor.client.empty(tensor.meta.num_elements() * size_of::<f32>());
    let shape = tensor.meta.shape().clone();
    CubeTensor::new_contiguous(tensor.client.clone(), tensor.device.clone(), shape, handle, tensor.dtype)
}

fn zeros<const D: usize>(like: &CubeTensor, shape: [usize; D]) -> CubeTensor {
    Cube::float_zeros(Shape::from(shape), &like.device, like.dtype.into())
}

/// A number as kernels count.
fn count(number: usize) -> u32 {
    u32::try_from(number).expect("fewer values than a device holds")
}

fn constants(values: &[(&str, usize)]) -> String {
    values.iter().map(|(name, value)| format!("const {name} = {value}u;\n")).collect()
}

/// A correlation of 3×3 from `inputs` maps of `x` to `outputs` of its own.
fn correlate(kernel: Kernel, x: &CubeTensor, others: &[&CubeTensor], outputs: usize) -> CubeTensor {
    let [n, inputs, h, w] = shape(x);
    let y = empty(x, [n, outputs, h, w]);
    let sizes = [("INPUTS", inputs), ("OUTPUTS", outputs), ("HEIGHT", h), ("WIDTH", w)];
    let kernel = Kernel { constants: constants(&sizes) + &kernel.constants, ..kernel };
    let groups = (n * h.div_ceil(2) * w.div_ceil(4)).div_ceil(GROUP);
    kernel.launch([groups, outputs.div_ceil(4)], &[&[x], others].concat(), &[&y], &[count(n)]);
    y
}

const CONVOLUTION: &str = include_str!("conv3x3.wgsl");

/// y of a convolution; all three are [`dense`].
fn conv3x3(x: &CubeTensor, weight: &CubeTensor, bias: &CubeTensor, relu: bool) -> CubeTensor {
    let kernel = Kernel {
        name: "conv3x3",
        text: vec![CONVOLUTION, FORWARD],
        constants: format!("const RELU = {relu};\n"),
        inputs: vec![("x", F32), ("weight", F32), ("bias", F32)],
        outputs: vec![("y", F32)],
        sizes: &["images"],
    };
    correlate(kernel, x, &[weight, bias], shape::<1>(bias)[0])
}

/// ∂/∂x of a convolution where ∂/∂y is `dy`, and `shown` is y if a ReLU made it.
fn conv3x3_input(weight: &CubeTensor, dy: &CubeTensor, shown: Option<&CubeTensor>) -> CubeTensor {
    let kernel = Kernel {
        name: "conv3x3_input",
        text: vec![CONVOLUTION, TURNED],
        constants: String::new(),
        inputs: vec![("dy", F32), ("weight", F32)],
        outputs: vec![("y", F32)],
        sizes: &["images"],
    };
    correlate(kernel.seeing(shown.is_some()), dy, &[&[weight], shown.as_slice()].concat(), shape::<4>(weight)[1])
}

/// The gradients of weight and bias.
fn conv3x3_weights(x: &CubeTensor, dy: &CubeTensor, shown: Option<&CubeTensor>) -> [CubeTensor; 2] {
    let ([n, inputs, h, w], [_, outputs, ..]) = (shape(x), shape::<4>(dy));
    let (weights, lines) = (outputs * inputs * 9, n * h);
    if lines * w == 0 {
        return [zeros(x, [outputs, inputs, 3, 3]), zeros(x, [outputs])];
    }
    let pairs = inputs * outputs.div_ceil(4);
    let rows = (lines * pairs).div_ceil(BUSY).max(2);
    let splits = lines.div_ceil(rows);
    let parts = empty(x, [splits, weights + outputs]);
    let kernel = Kernel {
        name: "conv3x3_weights",
        text: vec![include_str!("conv3x3_weights.wgsl")],
        constants: constants(&[("INPUTS", inputs), ("OUTPUTS", outputs), ("HEIGHT", h), ("WIDTH", w)]),
        inputs: vec![("x", F32), ("dy", F32)],
        outputs: vec![("parts", F32)],
        sizes: &["images", "rows", "splits"],
    };
    kernel.seeing(shown.is_some()).launch(
        [(splits * pairs).div_ceil(GROUP), 1],
        &[&[x, dy], shown.as_slice()].concat(),
        &[&parts],
        &[count(n), count(rows), count(splits)],
    );
    let found = [empty(x, [outputs, inputs, 3, 3]), empty(x, [outputs])];
    let kernel = Kernel {
        name: "sum_parts",
        text: vec![include_str!("sum_parts.wgsl")],
        constants: constants(&[("WEIGHTS", weights), ("BIASES", outputs)]),
        inputs: vec![("parts", F32)],
        outputs: vec![("weight", F32), ("bias", F32)],
        sizes: &["splits"],
    };
    kernel.launch([(weights + outputs).div_ceil(16), 1], &[&parts], &found.each_ref(), &[count(splits)]);
    found
}

/// y of a dense layer with a multiple of four inputs; all three are [`dense`].
fn layer(x: &CubeTensor, weight: &CubeTensor, bias: &CubeTensor, relu: bool) -> CubeTensor {
    let ([n, inputs], [outputs]) = (shape(x), shape(bias));
    let y = empty(x, [n, outputs]);
    let kernel = Kernel {
        name: "layer",
        text: vec![include_str!("layer.wgsl")],
        constants: constants(&[("INPUTS", inputs), ("OUTPUTS", outputs)]) + &format!("const RELU = {relu};\n"),
        inputs: vec![("x", FOUR), ("weight", FOUR), ("bias", F32)],
        outputs: vec![("y", F32)],
        sizes: &["images"],
    };
    let tiles = n.div_ceil(4) * outputs.div_ceil(4);
    kernel.launch([tiles.div_ceil(8), 1], &[x, weight, bias], &[&y], &[count(n)]);
    y
}

/// ∂/∂x of a dense layer where ∂/∂y is `dy`, and `shown` is y if a ReLU made it.
fn layer_input(weight: &CubeTensor, dy: &CubeTensor, shown: Option<&CubeTensor>) -> CubeTensor {
    let ([n, outputs], [_, inputs]) = (shape(dy), shape(weight));
    let dx = empty(dy, [n, inputs]);
    let kernel = Kernel {
        name: "layer_input",
        text: vec![include_str!("layer_input.wgsl")],
        constants: constants(&[("INPUTS", inputs), ("OUTPUTS", outputs)]),
        inputs: vec![("dy", F32), ("weight", FOUR)],
        outputs: vec![("dx", FOUR)],
        sizes: &["images"],
    };
    let groups = (n.div_ceil(4) * (inputs / 4)).div_ceil(GROUP);
    let from = [&[dy, weight], shown.as_slice()].concat();
    kernel.seeing(shown.is_some()).launch([groups, 1], &from, &[&dx], &[count(n)]);
    dx
}

/// The gradients of weight and bias.
fn layer_weights(x: &CubeTensor, dy: &CubeTensor, shown: Option<&CubeTensor>) -> [CubeTensor; 2] {
    let ([n, inputs], [_, outputs]) = (shape(x), shape::<2>(dy));
    if n == 0 {
        return [zeros(x, [outputs, inputs]), zeros(x, [outputs])];
    }
    let found = [empty(x, [outputs, inputs]), empty(x, [outputs])];
    let kernel = Kernel {
        name: "layer_weights",
        text: vec![include_str!("layer_weights.wgsl")],
        constants: constants(&[("INPUTS", inputs), ("OUTPUTS", outputs)]),
        inputs: vec![("x", FOUR), ("dy", F32)],
        outputs: vec![("weight", FOUR), ("bias", F32)],
        sizes: &["images"],
    };
    let groups = [(inputs / 4).div_ceil(8), outputs.div_ceil(4)];
    let from = [&[x, dy], shown.as_slice()].concat();
    kernel.seeing(shown.is_some()).launch(groups, &from, &found.each_ref(), &[count(n)]);
    found
}

fn max_pool2(x: &CubeTensor) -> CubeTensor {
    let [n, c, h, w] = shape(x);
    let y = empty(x, [n, c, h / 2, w / 2]);
    let kernel = Kernel {
        name: "max_pool2",
        text: vec![include_str!("max_pool2.wgsl"), MAXIMUM],
        constants: constants(&[("HEIGHT", h), ("WIDTH", w)]),
        inputs: vec![("x", F32)],
        outputs: vec![("y", F32)],
        sizes: &["planes"],
    };
    kernel.launch([(n * c * (h / 2) * (w / 2)).div_ceil(GROUP), 1], &[x], &[&y], &[count(n * c)]);
    y
}

fn max_pool2_input(x: &CubeTensor, dy: &CubeTensor) -> CubeTensor {
    let [n, c, h, w] = shape(x);
    let dx = empty(x, [n, c, h, w]);
    let kernel = Kernel {
        name: "max_pool2_input",
        text: vec![include_str!("max_pool2_input.wgsl"), MAXIMUM],
        constants: constants(&[("HEIGHT", h), ("WIDTH", w)]),
        inputs: vec![("x", F32), ("dy", F32)],
        outputs: vec![("dx", F32)],
        sizes: &["planes"],
    };
    let groups = (n * c * h.div_ceil(2) * w.div_ceil(2)).div_ceil(GROUP);
    kernel.launch([groups, 1], &[x, dy], &[&dx], &[count(n * c)]);
    dx
}

/// What [`Kernel::seeing`] finds of `dy` for each value of `shown`, which a ReLU made; without it, the ReLU of `dy`.
fn relu(dy: &CubeTensor, shown: Option<&CubeTensor>) -> CubeTensor {
    let y = like(dy);
    let len = dy.meta.num_elements();
    let kernel = Kernel {
        name: "relu",
        text: vec![include_str!("relu.wgsl")],
        constants: format!("const FORWARD = {};\n", shown.is_none()),
        inputs: vec![("dy", F32)],
        outputs: vec![("y", F32)],
        sizes: &["len"],
    };
    let from = [&[dy], shown.as_slice()].concat();
    kernel.seeing(shown.is_some()).launch([len.div_ceil(GROUP), 1], &from, &[&y], &[count(len)]);
    y
}

/// A kernel for each row of `[n, d]`: log-softmax of `x`, or from its `y` and `dy` the gradient.
fn rows(name: &'static str, text: &'static str, inputs: Vec<Buffer>, from: &[&CubeTensor]) -> CubeTensor {
    let [n, d] = shape(from[0]);
    let to = like(from[0]);
    let kernel = Kernel {
        name,
        text: vec![text],
        constants: String::new(),
        inputs,
        outputs: vec![("to", F32)],
        sizes: &["rows", "columns"],
    };
    kernel.launch([n.div_ceil(GROUP), 1], from, &[&to], &[count(n), count(d)]);
    to
}

impl Kernels for Cube {
    fn conv3x3(x: CubeTensor, weight: CubeTensor, bias: CubeTensor, stride: usize, relu: bool) -> CubeTensor {
        if stride != 1 {
            return of_burn::conv3x3::<Self>(x, weight, bias, stride, relu);
        }
        let [x, weight, bias] = [x, weight, bias].map(dense);
        conv3x3(&x, &weight, &bias, relu)
    }

    fn dense(x: CubeTensor, weight: CubeTensor, bias: CubeTensor, relu: bool) -> CubeTensor {
        if !shape::<2>(&weight)[1].is_multiple_of(4) {
            return of_burn::dense::<Self>(x, weight, bias, relu);
        }
        let [x, weight, bias] = [x, weight, bias].map(dense);
        layer(&x, &weight, &bias, relu)
    }

    fn rectified(x: CubeTensor) -> CubeTensor {
        relu(&dense(x), None)
    }

    fn max_pool2(x: CubeTensor) -> CubeTensor {
        max_pool2(&dense(x))
    }

    fn log_probabilities(z: CubeTensor) -> CubeTensor {
        rows("log_softmax", include_str!("log_softmax.wgsl"), vec![("x", F32)], &[&dense(z)])
    }

    fn adam(
        theta: CubeTensor,
        gradient: CubeTensor,
        first: CubeTensor,
        second: CubeTensor,
        step: AdamStep,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let from = [theta, gradient, first, second].map(dense);
        let to: [CubeTensor; 3] = std::array::from_fn(|_| like(&from[0]));
        let AdamStep { beta1, beta2, epsilon, rate, scale } = step;
        let kernel = Kernel {
            name: "adam",
            text: vec![include_str!("adam.wgsl")],
            constants: format!(
                "const BETA1: f32 = {beta1:?};\nconst BETA2: f32 = {beta2:?};\nconst EPSILON: f32 = {epsilon:?};\n"
            ),
            inputs: vec![("theta", F32), ("gradient", F32), ("first", F32), ("second", F32)],
            outputs: vec![("next_theta", F32), ("next_first", F32), ("next_second", F32)],
            sizes: &["len", "rate", "scale"],
        };
        let len = from[0].meta.num_elements();
        let sizes = [count(len), rate.to_bits(), scale.to_bits()];
        kernel.launch([len.div_ceil(GROUP), 1], &from.each_ref(), &to.each_ref(), &sizes);
        to.into()
    }

    /// In one launch to places where a binding may begin: each part then is a view.
    fn split(all: CubeTensor, sizes: Vec<usize>) -> Vec<CubeTensor> {
        let all = dense(all);
        let aligned =
            usize::try_from(all.client.properties().memory.alignment).expect("a small number") / size_of::<f32>();
        let begins = |step: &dyn Fn(usize) -> usize| -> Vec<usize> {
            sizes.iter().scan(0, |end, &size| Some(std::mem::replace(end, *end + step(size)))).collect()
        };
        let (from, to) = (begins(&|size| size), begins(&|size| size.next_multiple_of(aligned)));
        let room = sizes.iter().map(|size| size.next_multiple_of(aligned)).sum();
        let apart = empty(&all, [room]);
        let list = |name: &str, values: &[usize]| {
            let values: Vec<String> = values.iter().map(|value| format!("{value}u")).collect();
            format!("const {name} = array({});\n", values.join(", "))
        };
        let kernel = Kernel {
            name: "split",
            text: vec![include_str!("split.wgsl")],
            constants: constants(&[("PARTS", sizes.len())]) + &list("FROM", &from) + &list("TO", &to),
            inputs: vec![("whole", F32)],
            outputs: vec![("apart", F32)],
            sizes: &["len"],
        };
        let [len] = shape(&all);
        kernel.launch([len.div_ceil(GROUP), 1], &[&all], &[&apart], &[count(len)]);
        let part = |(size, begin): (usize, usize)| {
            let bytes = |values: usize| (values * size_of::<f32>()) as u64;
            let handle = apart.handle.clone().offset_start(bytes(begin)).offset_end(bytes(room - begin - size));
            let shape = Shape::from([size]);
            CubeTensor::new_contiguous(all.client.clone(), all.device.clone(), shape, handle, all.dtype)
        };
        sizes.iter().copied().zip(to).map(part).collect()
    }

    /// Four parts a launch: with what they go to, as many buffers as every device can bind.
    fn join(parts: Parts<Self>) -> CubeTensor {
        let parts: Vec<CubeTensor> = parts.0.into_iter().map(dense).collect();
        let all = empty(&parts[0], [parts.iter().map(|part| part.meta.num_elements()).sum()]);
        let mut start = 0;
        for parts in parts.chunks(4) {
            let lens = [0, 1, 2, 3].map(|i| parts.get(i).map_or(0, |part| part.meta.num_elements()));
            let from = [0, 1, 2, 3].map(|i| parts.get(i).unwrap_or(&parts[0]));
            let ends = [1, 2, 3, 4].map(|i| lens[..i].iter().sum::<usize>());
            let kernel = Kernel {
                name: "join",
                text: vec![include_str!("join.wgsl")],
                constants: String::new(),
                inputs: vec![("part0", F32), ("part1", F32), ("part2", F32), ("part3", F32)],
                outputs: vec![("whole", F32)],
                sizes: &["start", "end0", "end1", "end2", "end3"],
            };
            let sizes = [start, ends[0], ends[1], ends[2], ends[3]].map(count);
            kernel.launch([ends[3].div_ceil(GROUP), 1], &from, &[&all], &sizes);
            start += ends[3];
        }
        all
    }
}
