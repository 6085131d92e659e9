//! The device that kernels in WGSL run on.

use crate::error::{Code, Error, Result};
use burn::tensor::Device;

/// The graphics processor that WebGPU offers, and what it is called. To be opened once a process or module.
///
/// # Errors
/// `Device` where there is none, or none that can be used.
pub async fn webgpu() -> Result<(Device, String)> {
    construct();
    let opened = Device::wgpu_options().init_with_setup_async().await;
    let (device, setup) =
        opened.map_err(|error| Error::new(Code::Device, format!("WebGPU cannot be started: {error}.")))?;
    let adapter = setup.adapter.get_info();
    Ok((device, format!("{} {} ({})", adapter.name, adapter.driver_info, adapter.backend)))
}

#[cfg(not(target_family = "wasm"))]
fn construct() {}

/// What CubeCL's compiler knows of itself, thousands of entries, static constructors gather before anything else runs.
/// A linker that finds no call of them has every export call them first: each time that JavaScript calls in, and be it
/// to let go of a handle. That took more than half of a step.
#[cfg(target_family = "wasm")]
fn construct() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    static ONCE: std::sync::Once = std::sync::Once::new();
    // SAFETY: the linker's own function, which nobody else calls. Only kernels need what it gathers: there are none yet.
    ONCE.call_once(|| unsafe { __wasm_call_ctors() });
}
