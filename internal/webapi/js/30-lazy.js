// What is compiled when it is touched for the first time.

const { lazy } = __rip;

lazy(
  "streams",
  [
    "ReadableStream", "ReadableStreamDefaultReader", "ReadableStreamBYOBReader", "ReadableStreamDefaultController",
    "ReadableByteStreamController", "ReadableStreamBYOBRequest", "WritableStream", "WritableStreamDefaultWriter",
    "WritableStreamDefaultController", "TransformStream", "TransformStreamDefaultController",
    "ByteLengthQueuingStrategy", "CountQueuingStrategy",
  ],
  ["bytesStream", "readStream", "teeStream", "streamDisturbed", "streamLocked", "createTransform", "readableState", "isReadable"],
);
lazy(
  "forms",
  ["Blob", "File", "FormData"],
  ["blobOf", "fileOf", "blobBytes", "formBytes", "formBoundary", "parseForm", "mimeType", "contentType"],
);
lazy("encoding", ["TextEncoder", "TextDecoder"], ["newDecoder"]);
lazy("singlebyte", [], ["singleByteLabels", "singleByteTable"]);
lazy("textstreams", ["TextEncoderStream", "TextDecoderStream"]);
lazy("compression", ["CompressionStream", "DecompressionStream"]);
lazy("error", ["DOMException"]);
lazy(
  "events",
  ["Event", "CustomEvent", "ErrorEvent", "EventTarget", "AbortController", "AbortSignal"],
  ["abortedSignal", "dependentSignal", "signalAbort", "onAbort", "offAbort"],
);
