// Counts what is asked of WebGPU, wherever this runs first: in a worker or in a page. Whoever sends anything to the
// channel of this name is told.
(() => {
  const counts = { dispatches: 0, workgroups: 0, bind_groups: 0, submits: 0, bytes: 0, pipelines: 0 };
  const channel = new BroadcastChannel("webgpu-counts");
  channel.onmessage = ({ data }) => data === "tell" && channel.postMessage({ ...counts });
  globalThis.webgpuCounts = counts;

  const watch = (owner, name, see) => {
    const { [name]: method } = globalThis[owner]?.prototype ?? {};
    if (!method) return;
    globalThis[owner].prototype[name] = function watched(...values) {
      see(...values);
      return method.apply(this, values);
    };
  };
  watch("GPUComputePassEncoder", "dispatchWorkgroups", (x, y = 1, z = 1) => {
    counts.dispatches += 1;
    counts.workgroups += x * y * z;
  });
  watch("GPUComputePassEncoder", "dispatchWorkgroupsIndirect", () => (counts.dispatches += 1));
  watch("GPUDevice", "createBindGroup", () => (counts.bind_groups += 1));
  watch("GPUQueue", "submit", () => (counts.submits += 1));
  watch("GPUQueue", "writeBuffer", (buffer, to, data, from, size) => (counts.bytes += size ?? data.byteLength));
  watch("GPUDevice", "createBuffer", ({ mappedAtCreation, size }) => mappedAtCreation && (counts.bytes += size));
  for (const name of ["createComputePipeline", "createComputePipelineAsync"])
    watch("GPUDevice", name, () => (counts.pipelines += 1));
})();
