// What browsers have and TypeScript does not know yet: Shape Detection and Web NFC.

interface DetectedBarcode {
  rawValue: string;
  format: string;
  cornerPoints: readonly { x: number; y: number }[];
}

declare class BarcodeDetector {
  static getSupportedFormats(): Promise<string[]>;
  constructor(options: { formats: string[] });
  detect(picture: ImageBitmap): Promise<DetectedBarcode[]>;
}

interface NDEFRecord {
  recordType: string;
  encoding?: string;
  lang?: string;
  data?: DataView<ArrayBuffer>;
}

interface NDEFReadingEvent extends Event {
  serialNumber: string;
  message: { records: readonly NDEFRecord[] };
}

declare class NDEFReader extends EventTarget {
  scan(options: { signal: AbortSignal }): Promise<void>;
  addEventListener(kind: "reading", act: (tag: NDEFReadingEvent) => void, options?: AddEventListenerOptions): void;
}
