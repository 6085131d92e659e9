//! How a kernel in WGSL gets into CubeCL's queue.

use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::ir::settings::Dim3;
use burn_cubecl::cubecl::ir::{ElemType, UIntKind};
use burn_cubecl::cubecl::prelude::{
    AddressType, CubeCount, ExecutionMode, KernelDefinition, KernelId, KernelMetadata, KernelSettings, Scope,
};
use burn_cubecl::cubecl::server::{KernelArguments, MetadataBindingInfo};
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::tensor::CubeTensor;
use std::fmt::Write as _;

/// A buffer of a kernel: its name in WGSL, and the type of its elements.
pub(super) type Buffer = (&'static str, &'static str);

/// A kernel in WGSL. What a kernel declares is written from this, so that its file holds only what it computes.
pub(super) struct Kernel {
    /// One text is called so, but for its constants and what [`Kernel::seeing`] adds.
    pub(super) name: &'static str,
    /// Its file, and functions by which kernels of one file differ.
    pub(super) text: Vec<&'static str>,
    /// Declarations of constants. Each set of them is compiled once.
    pub(super) constants: String,
    /// What it only reads.
    pub(super) inputs: Vec<Buffer>,
    /// What it writes.
    pub(super) outputs: Vec<Buffer>,
    /// Names of the numbers that change from launch to launch, all u32.
    pub(super) sizes: &'static [&'static str],
}

/// How inputs may be used. Natively several tensors share a buffer, which then is written to in the same launch; in a
/// browser each has its own, and one that is only read may be two inputs at once.
const READ: &str = if cfg!(target_family = "wasm") { "read" } else { "read_write" };

impl Kernel {
    /// Reads the gradient `dy` by a function `seen`: as it is, or as a ReLU lets it through, whose output is one more
    /// input, `shown`.
    pub(super) fn seeing(mut self, shown: bool) -> Self {
        let value = if shown { "select(dy[at], 0.0, shown[at] <= 0.0)" } else { "dy[at]" };
        self.constants += &format!("fn seen(at: u32) -> f32 {{ return {value}; }}\n");
        self.inputs.extend(shown.then_some(("shown", "f32")));
        self
    }

    /// Runs it on tensors whose values lie one after the other, as `groups` workgroups along x, spread over z where
    /// they are too many for one dimension, times `rows` along y.
    pub(super) fn launch(
        self,
        [groups, rows]: [usize; 2],
        inputs: &[&CubeTensor],
        outputs: &[&CubeTensor],
        sizes: &[u32],
    ) {
        debug_assert_eq!(
            [self.inputs.len(), self.outputs.len(), self.sizes.len()],
            [inputs.len(), outputs.len(), sizes.len()]
        );
        let client = outputs[0].client.clone();
        let number = |count: usize| u32::try_from(count).expect("fewer workgroups than can be counted");
        let layers = groups.div_ceil(MOST_GROUPS).max(1);
        let count = CubeCount::Static(number(groups.div_ceil(layers)), number(rows), number(layers));
        let buffers = inputs.iter().chain(outputs).map(|tensor| tensor.handle.clone().binding()).collect();
        // CubeCL counts what it passes along in pairs.
        let pairs = sizes.chunks(2).map(|pair| u64::from(pair[0]) | u64::from(*pair.get(1).unwrap_or(&0)) << 32);
        let info = MetadataBindingInfo::custom(pairs.collect());
        client.launch(Box::new(self), count, KernelArguments::new().with_buffers(buffers).with_info(info));
    }

    fn wgsl(&self) -> String {
        let mut wgsl = self.constants.clone();
        let buffers = self.inputs.iter().map(|buffer| (buffer, READ));
        let buffers = buffers.chain(self.outputs.iter().map(|buffer| (buffer, "read_write")));
        let mut declare = |text: std::fmt::Arguments<'_>| wgsl.write_fmt(text).expect("memory for a kernel");
        for (i, ((name, element), mode)) in buffers.enumerate() {
            declare(format_args!("@group(0) @binding({i}) var<storage, {mode}> {name}: array<{element}>;\n"));
        }
        let last = self.inputs.len() + self.outputs.len();
        let fields: String = self.sizes.iter().map(|name| format!("{name}: u32, ")).collect();
        declare(format_args!("struct Sizes {{ {fields} }}\n@group(0) @binding({last}) var<uniform> size: Sizes;\n"));
        wgsl.extend(self.text.iter().copied());
        wgsl
    }
}

/// Workgroups along one dimension, WebGPU's least limit.
const MOST_GROUPS: usize = 65535;

impl KernelMetadata for Kernel {
    fn name(&self) -> &'static str {
        self.name
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info((self.name, self.inputs.len(), self.constants.clone()))
    }

    fn address_type(&self) -> ElemType {
        ElemType::UInt(UIntKind::U32)
    }
}

impl CubeKernel for Kernel {
    fn define(&self) -> KernelDefinition {
        // The text says what the kernel is; of this only the settings are looked at.
        let settings = KernelSettings::new(Dim3::new_single(), ExecutionMode::Checked, AddressType::U32);
        KernelDefinition { body: Scope::root(settings.clone()), settings, info: Info::default() }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        Some(PrecompiledSource { source: self.wgsl(), entrypoint_name: "main".to_owned(), lang: "wgsl" })
    }
}
