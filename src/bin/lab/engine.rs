//! What a command computes on.

use crate::arguments::Outcome;
use crate::lanes;
use burn::tensor::Device;

/// The device called `name`, and what is underneath, in the words of whoever made it.
pub fn open(name: &str) -> Outcome<(Device, String)> {
    match name {
        "cpu" => Ok((lanes::device(), "one thread".to_owned())),
        "webgpu" => webgpu::open(),
        _ => Err(format!("there is no engine {name:?}; there are cpu and webgpu.")),
    }
}

#[cfg(feature = "webgpu")]
pub mod webgpu {
    //! The engine for graphics processors, through the system's own interface in place of a browser's.

    use crate::arguments::Outcome;
    use burn::tensor::Device;
    use burn_cubecl::cubecl::logging::{LaunchObservation, LaunchObserver};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    pub fn open() -> Outcome<(Device, String)> {
        pollster::block_on(semantic_continuity::kernel::webgpu())
            .map_err(|error| format!("{} A driver for Vulkan, Metal or DirectX 12 is needed.", error.message))
    }

    #[derive(Default)]
    struct Counter(AtomicUsize);

    impl LaunchObserver for Counter {
        fn launched(&self, _kernel: &'static str) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Kernels that `work` launches.
    pub fn launches<T>(work: impl FnOnce() -> T) -> (T, Option<usize>) {
        let counter = Arc::new(Counter::default());
        let observed = LaunchObservation::new(counter.clone());
        let done = work();
        drop(observed);
        (done, Some(counter.0.load(Ordering::Relaxed)).filter(|&count| count > 0))
    }
}

#[cfg(not(feature = "webgpu"))]
pub mod webgpu {
    //! Not in this build.

    use crate::arguments::Outcome;
    use burn::tensor::Device;

    pub fn open() -> Outcome<(Device, String)> {
        Err("this lab was built without WebGPU. With it: \
            cargo run --profile native --features webgpu --bin lab -- bench --engine webgpu"
            .to_owned())
    }

    pub fn launches<T>(work: impl FnOnce() -> T) -> (T, Option<usize>) {
        (work(), None)
    }
}
