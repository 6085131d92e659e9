//! Names, shapes and initial distributions of the parameters of a network.

/// Where a parameter starts out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Init {
    /// Uniform in ±1/√fan-in.
    FanIn(usize),
    /// This value.
    Constant(f32),
}

/// One parameter tensor.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Name, as in a PyTorch state dict: `conv1.weight`.
    pub name: String,
    /// Shape.
    pub shape: Vec<usize>,
    pub(super) init: Init,
}

impl Parameter {
    /// Number of values.
    pub fn size(&self) -> usize {
        self.shape.iter().product()
    }
}

/// All parameters of a network in the order of the flat vector.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout(Vec<Parameter>);

impl Layout {
    /// The parameters in order.
    pub fn parameters(&self) -> &[Parameter] {
        &self.0
    }

    /// Number of values in the flat vector.
    pub fn len(&self) -> usize {
        self.0.iter().map(Parameter::size).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn push(mut self, name: String, shape: Vec<usize>, init: Init) -> Self {
        self.0.push(Parameter { name, shape, init });
        self
    }

    /// A convolution: weight `[out, in, k, k]`, bias `[out]`.
    pub(super) fn conv(self, name: &str, input: usize, output: usize, kernel: usize) -> Self {
        let init = Init::FanIn(input * kernel * kernel);
        self.push(format!("{name}.weight"), vec![output, input, kernel, kernel], init).push(
            format!("{name}.bias"),
            vec![output],
            init,
        )
    }

    /// A dense layer: weight `[out, in]` (PyTorch's order), bias `[out]`.
    pub(super) fn dense(self, name: &str, input: usize, output: usize) -> Self {
        let init = Init::FanIn(input);
        self.push(format!("{name}.weight"), vec![output, input], init).push(format!("{name}.bias"), vec![output], init)
    }

    /// A normalisation layer: weight and bias `[channels]`.
    pub(super) fn norm(self, name: &str, channels: usize) -> Self {
        self.push(format!("{name}.weight"), vec![channels], Init::Constant(1.0)).push(
            format!("{name}.bias"),
            vec![channels],
            Init::Constant(0.0),
        )
    }
}
