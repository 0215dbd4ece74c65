'use strict';
// Reads the head of a request, which the server has checked.

class Head {
  // text is the whole head with its empty line.
  constructor(text) {
    const line = text.indexOf('\r\n');
    const method = text.indexOf(' ');
    const target = text.indexOf(' ', method + 1);
    this.method = text.slice(0, method);
    this.target = text.slice(method + 1, target);
    this.minor = text.charCodeAt(line - 1) - 48; // of the version
    this.fields = []; // names and values in turn
    this.peer = ''; // the address that the server saw
    this.secure = false; // the client speaks TLS
    const { fields } = this;
    for (let at = line + 2; ; ) {
      const end = text.indexOf('\r\n', at);
      if (end <= at) return;
      const colon = text.indexOf(':', at);
      const name = text.slice(at, colon);
      const value = text.slice(colon + 1, end).trim();
      fields.push(name, value);
      if (name.length === 15 && name.toLowerCase() === 'x-forwarded-for') {
        this.peer = value.slice(value.lastIndexOf(',') + 1).trim();
      } else if (name.length === 17 && name.toLowerCase() === 'x-forwarded-proto') {
        this.secure = value === 'https';
      }
      at = end + 2;
    }
  }
}

module.exports = { Head };
