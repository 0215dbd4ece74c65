// DOMException: https://webidl.spec.whatwg.org/#idl-DOMException
//
// Its prototype inherits from Error's, but it is no subclass of Error: the
// object is an Error with the state of a DOMException put into it.

const rip = __rip;

const names = [
  "IndexSizeError", null, "HierarchyRequestError", "WrongDocumentError", "InvalidCharacterError", null,
  "NoModificationAllowedError", "NotFoundError", "NotSupportedError", "InUseAttributeError", "InvalidStateError",
  "SyntaxError", "InvalidModificationError", "NamespaceError", "InvalidAccessError", null, "TypeMismatchError",
  "SecurityError", "NetworkError", "AbortError", "URLMismatchError", "QuotaExceededError", "TimeoutError",
  "InvalidNodeTypeError", "DataCloneError",
];
const constants = [
  "INDEX_SIZE_ERR", "DOMSTRING_SIZE_ERR", "HIERARCHY_REQUEST_ERR", "WRONG_DOCUMENT_ERR", "INVALID_CHARACTER_ERR",
  "NO_DATA_ALLOWED_ERR", "NO_MODIFICATION_ALLOWED_ERR", "NOT_FOUND_ERR", "NOT_SUPPORTED_ERR", "INUSE_ATTRIBUTE_ERR",
  "INVALID_STATE_ERR", "SYNTAX_ERR", "INVALID_MODIFICATION_ERR", "NAMESPACE_ERR", "INVALID_ACCESS_ERR",
  "VALIDATION_ERR", "TYPE_MISMATCH_ERR", "SECURITY_ERR", "NETWORK_ERR", "ABORT_ERR", "URL_MISMATCH_ERR",
  "QUOTA_EXCEEDED_ERR", "TIMEOUT_ERR", "INVALID_NODE_TYPE_ERR", "DATA_CLONE_ERR",
];

// A class whose base returns another object puts its private fields there.
class Given {
  constructor(object) {
    return object;
  }
}

class State extends Given {
  #message;
  #name;

  constructor(error, message, name) {
    super(error);
    this.#message = message;
    this.#name = name;
  }

  static message(error) {
    return error.#message;
  }

  static name(error) {
    return error.#name;
  }
}

class DOMException {
  constructor(message = "", name = "Error") {
    const text = rip.string(message);
    const kind = rip.string(name);
    return new State(Reflect.construct(Error, [], new.target), text, kind);
  }

  get name() {
    return State.name(this);
  }
  get message() {
    return State.message(this);
  }
  get code() {
    return names.indexOf(State.name(this)) + 1;
  }
}

Object.setPrototypeOf(DOMException.prototype, Error.prototype);
constants.forEach((name, index) => {
  const constant = { value: index + 1, enumerable: true };
  Object.defineProperty(DOMException, name, constant);
  Object.defineProperty(DOMException.prototype, name, constant);
});
rip.expose(DOMException);
