// The bodies of requests and responses: https://fetch.spec.whatwg.org/#bodies
//
// A body is { source, stream, used, shared, type }. As long as nobody asks for
// its stream, there is none, and the source (a string, bytes or a Blob) is taken
// as it is. The type is what it gives Content-Type, or null.
// That of a fetched response has remote instead of a source: its bytes() reads
// all there is at once, and its stream() bit by bit.

const rip = __rip;
const { is, isBufferSource, view } = rip;

const newBody = (source, stream = null, type = null) => ({ source, stream, used: false, shared: false, type });
rip.newBody = newBody;

const TEXT = "text/plain;charset=UTF-8";

// extract makes the body of what an app gives for one.
rip.extract = (object, keepalive = false) => {
  if (typeof object === "string") return newBody(rip.usv(object), null, TEXT);
  if (typeof object === "object" || typeof object === "function") {
    if (is("ReadableStream", object)) {
      if (keepalive) throw new TypeError("a request that is kept alive has no stream for a body");
      if (rip.streamDisturbed(object) || rip.streamLocked(object)) throw new TypeError("the stream is locked or was read from");
      return newBody(null, object);
    }
    if (isBufferSource(object)) return newBody(view(object).slice());
    if (is("Blob", object)) return newBody(object, null, object.type === "" ? null : object.type);
    if (is("FormData", object)) {
      const boundary = rip.formBoundary();
      return newBody(rip.formBytes(object, boundary), null, `multipart/form-data; boundary=${boundary}`);
    }
    if (is("URLSearchParams", object)) {
      return newBody(object.toString(), null, "application/x-www-form-urlencoded;charset=UTF-8");
    }
  }
  return newBody(rip.usv(object), null, TEXT);
};

const unusable = (body) =>
  body.used || (body.stream !== null && (rip.streamDisturbed(body.stream) || rip.streamLocked(body.stream)));
rip.unusable = unusable;

const bytesOf = (source) => {
  if (typeof source === "string") return rip.encode(source);
  return source instanceof Uint8Array ? source : rip.blobBytes(source);
};
rip.sourceBytes = bytesOf;

const streamOf = (body) => {
  if (body.stream !== null) return body.stream;
  const { remote, used } = body;
  body.stream = remote === undefined || used ? rip.bytesStream(() => bytesOf(body.source)) : remote.stream();
  if (used) void body.stream.getReader().cancel();
  return body.stream;
};
rip.bodyStream = streamOf;

// A copy of a body: without a stream both have the same source.
rip.cloneBody = (body) => {
  if (body === null) return null;
  if (body.remote !== undefined) streamOf(body);
  if (body.stream === null) {
    body.shared = true;
    return { ...body };
  }
  const [mine, theirs] = rip.teeStream(body.stream);
  body.stream = mine;
  return newBody(body.source, theirs);
};

// moveBody gives the body of one request to another.
rip.moveBody = (body) => {
  if (body.remote !== undefined) streamOf(body);
  if (body.stream === null) {
    body.used = true;
    return { ...body, used: false };
  }
  return newBody(body.source, body.stream.pipeThrough(new rip.TransformStream()));
};

// The type that the headers of a request or a response give its body.
const typeOf = (owner) => (owner.headers ?? rip.headersOf(owner.list)).get("content-type");

const asText = (source) => (typeof source === "string" ? rip.unmarked(source) : rip.decodeBody(bytesOf(source)));
const asJSON = (source) => JSON.parse(asText(source));
const asBlob = (source, owner) => rip.blobOf(bytesOf(source), rip.contentType(typeOf(owner)));
const asForm = (source, owner) => rip.parseForm(source, typeOf(owner));

const asBytes = (source, owner) => {
  const bytes = bytesOf(source);
  const mine = typeof source === "string" || (source instanceof Uint8Array && !owner.body?.shared);
  return mine && bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
};
const asBuffer = (source, owner) => asBytes(source, owner).buffer;

const consume = (ownerOf, self, pack) => {
  try {
    const owner = ownerOf(self);
    const { body } = owner;
    if (body === null) return Promise.resolve(pack("", owner));
    if (unusable(body)) throw new TypeError("the body was read already, or is locked");
    if (body.stream !== null) return rip.readStream(body.stream).then((bytes) => pack(bytes, owner));
    body.used = true;
    if (body.remote !== undefined) return body.remote.bytes().then((bytes) => pack(bytes, owner));
    return Promise.resolve(pack(body.source, owner));
  } catch (error) {
    return Promise.reject(error);
  }
};

// bodyMixin gives a class the members of Body. ownerOf returns the state of an
// object, and throws for what is not of the class.
rip.bodyMixin = (Class, ownerOf) => {
  const members = {
    get body() {
      const { body } = ownerOf(this);
      return body === null ? null : streamOf(body);
    },
    get bodyUsed() {
      const { body } = ownerOf(this);
      if (body === null) return false;
      return body.stream === null ? body.used : rip.streamDisturbed(body.stream);
    },
    arrayBuffer() {
      return consume(ownerOf, this, asBuffer);
    },
    blob() {
      return consume(ownerOf, this, asBlob);
    },
    bytes() {
      return consume(ownerOf, this, asBytes);
    },
    formData() {
      return consume(ownerOf, this, asForm);
    },
    json() {
      return consume(ownerOf, this, asJSON);
    },
    text() {
      return consume(ownerOf, this, asText);
    },
  };
  Object.defineProperties(Class.prototype, Object.getOwnPropertyDescriptors(members));
};
