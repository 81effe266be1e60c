// Finds codes in pictures, beside the page: the browser's own detector where it has all we need, else zxing as WebAssembly.

const WANTED = ["qr_code", "code_128", "ean_13", "ean_8", "data_matrix"];
const VENDOR = new URL("../vendor/barcode-detector/", import.meta.url);

/** @typedef {{detect: (picture: ImageBitmap) => Promise<{rawValue: string, format: string, cornerPoints: readonly {x: number, y: number}[]}[]>}} Detector */

/** @returns {Promise<Detector | null>} */
async function native() {
  try {
    const there = await BarcodeDetector.getSupportedFormats();
    return WANTED.every((format) => there.includes(format)) ? new BarcodeDetector({ formats: WANTED }) : null;
  } catch {
    return null; // not there, or there without its service (Android without Google's)
  }
}

/** @returns {Promise<Detector>} */
async function zxing() {
  const { BarcodeDetector: Ponyfill, prepareZXingModule } = await import(new URL("ponyfill.js", VENDOR).href);
  /** @param {string} file */
  const locateFile = (file) => new URL(file, VENDOR).href;
  await prepareZXingModule({ overrides: { locateFile }, fireImmediately: true });
  return new Ponyfill({ formats: WANTED });
}

let isNative = true;
const choose = async () => {
  const own = await native();
  isNative = own !== null;
  return own ?? zxing();
};
let detector = choose();

/** @param {ImageBitmap} picture */
async function find(picture) {
  try {
    return await (await detector).detect(picture);
  } catch (error) {
    if (!isNative) throw error;
    isNative = false; // it is there but does not work: from now on ours
    detector = zxing();
    return (await detector).detect(picture);
  }
}

detector.then(
  () => postMessage({ ready: true, native: isNative }),
  (error) => postMessage({ failed: String(error) }),
);

const MOST_MISSES = 20;
let misses = 0;

addEventListener("message", async (/** @type {MessageEvent<{picture: ImageBitmap}>} */ { data: { picture } }) => {
  const started = performance.now();
  try {
    const codes = (await find(picture)).map(({ rawValue, format }) => ({ code: rawValue, format }));
    misses = 0;
    postMessage({ codes, ms: performance.now() - started });
  } catch (error) {
    misses += 1; // one picture that could not be read is no reason to stop
    postMessage(misses < MOST_MISSES ? { codes: [] } : { failed: String(error) });
  } finally {
    picture.close();
  }
});
