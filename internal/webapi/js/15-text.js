// UTF-8, by the functions of Go where the text is long enough to be worth a
// call of them.

const rip = __rip;
const { utf8Encode, utf8Decode } = __host;

rip.encode = (string) => new Uint8Array(utf8Encode(string));

// decode replaces what is not UTF-8, and leaves a byte order mark in place.
rip.decode = (bytes) => utf8Decode(bytes);

// decodeBody is the "UTF-8 decode" of the Encoding Standard: without the mark.
rip.decodeBody = (bytes) => unmarked(utf8Decode(bytes));

const unmarked = (text) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
rip.unmarked = unmarked;
