//! The device that this engine computes on: one engine binary, one kind of device.

use crate::error::Error;
use burn::tensor::Device;

#[cfg(all(feature = "cpu", not(feature = "webgpu")))]
pub(super) const NAME: &str = "cpu";
#[cfg(feature = "webgpu")]
pub(super) const NAME: &str = "webgpu";

/// burn's Flex on one thread with SIMD.
#[cfg(all(feature = "cpu", not(feature = "webgpu")))]
pub(super) async fn create() -> Result<Device, Error> {
    Ok(Device::flex())
}

/// WebGPU through wgpu. The page asks for an adapter first, so that each way to fail has its own explanation.
#[cfg(feature = "webgpu")]
pub(super) async fn create() -> Result<Device, Error> {
    crate::kernel::webgpu().await.map(|(device, _)| device)
}
