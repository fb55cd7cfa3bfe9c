/** Runs in a page before its own code, and notes what a browser tells of it. */
(() => {
  const noted = { largestPaintMs: 0, shift: 0, blockedMs: 0, readAtMs: 0, drawnAtMs: 0, scriptBytes: 0 };
  globalThis.noted = () => {
    const scripts = performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js'));
    return { ...noted, scriptBytes: scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) };
  };
  const observe = (type, each) =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
  observe('largest-contentful-paint', ({ startTime }) => {
    noted.largestPaintMs = startTime;
  });
  observe('layout-shift', ({ value }) => {
    noted.shift += value;
  });
  // As "total blocking time" counts: what a task takes beyond 50 ms.
  observe('longtask', ({ duration }) => {
    noted.blockedMs += duration - 50;
  });
  const { text } = Response.prototype;
  Response.prototype.text = async function () {
    const read = await text.call(this);
    if (this.url.endsWith('/timeseries')) noted.readAtMs = performance.now();
    return read;
  };
  let charts = 0;
  new MutationObserver(() => {
    const { length } = document.querySelectorAll('.uplot canvas');
    if (length === charts) return;
    charts = length;
    // The second frame begins once the first is painted.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => {
        noted.drawnAtMs = performance.now();
      }),
    );
  }).observe(document, { childList: true, subtree: true });
})();
