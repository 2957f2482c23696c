/** What a page keeps in memory: its heap, and the memory of its wasm. */

/** The memory of the wasm is nobody's to see, but for those who made it: to stand before our script. */
export const WATCH = `<script>
  window.memories = [];
  WebAssembly.Instance = new Proxy(WebAssembly.Instance, { construct(target, args) {
    const made = Reflect.construct(target, args);
    memories.push(...Object.values(made.exports).filter((each) => each instanceof WebAssembly.Memory));
    return made;
  } });
</script>`;

/** Bytes of the heap after everything that can be collected has been, and of the memory of the wasm. */
export async function memory(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  for (let times = 0; times < 3; times += 1) await session.send('HeapProfiler.collectGarbage');
  const { usedSize: heap } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return { heap, wasm: await page.evaluate(() => window.memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)) };
}
