// What the page uses of fflate, which is vendored without its declarations.

type File = Uint8Array | [Uint8Array, { level: 0 }];

export function zipSync(files: Record<string, File>): Uint8Array<ArrayBuffer>;
