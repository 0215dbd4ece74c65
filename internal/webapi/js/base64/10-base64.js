// atob and btoa: https://html.spec.whatwg.org/#atob

const rip = __rip;
const host = __host;

const refuse = (message) => {
  throw new rip.DOMException(message, "InvalidCharacterError");
};

rip.define("btoa", function btoa(data) {
  rip.required(1, arguments.length, "btoa");
  const text = rip.string(data);
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 255) refuse("btoa: a character of the string is not a byte");
  }
  return host.toBase64(text);
});

rip.define("atob", function atob(data) {
  rip.required(1, arguments.length, "atob");
  return host.fromBase64(rip.usv(data)) ?? refuse("atob: the string is not base64");
});
