// What the modules about engines expect of the scope of a page, where nothing is computed: to be imported first.
globalThis.self ??= globalThis;
globalThis.addEventListener ??= () => {};
