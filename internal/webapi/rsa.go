package webapi

import (
	"context"
	"crypto/rand"
	"crypto/rsa"

	"github.com/rip-server/rip-server/internal/quickjs"
)

// generateRSA(bits) returns a promise of a private key.
func generateRSA(l *Loop, e *quickjs.Engine) quickjs.Func {
	return func(args []quickjs.Value) (any, error) {
		bits := args[0].Int()
		return l.promise(e, func(context.Context) (any, error) {
			key, err := rsa.GenerateKey(rand.Reader, bits)
			if err != nil {
				return nil, operationError(err.Error())
			}
			return pkcs8(key)
		})
	}
}

// rsaSign(hash, private, data, saltLength); a negative length is PKCS #1 v1.5.
func (k *keyring) rsaSign(args []quickjs.Value) (any, error) {
	key, err := k.private(args[1])
	if err != nil {
		return nil, err
	}
	private, h := key.(*rsa.PrivateKey), hashes[args[0].String()]
	digest := sum(args[0].String(), args[2].View())
	var signature []byte
	if salt := args[3].Int(); salt < 0 {
		signature, err = rsa.SignPKCS1v15(nil, private, h, digest)
	} else {
		signature, err = rsa.SignPSS(rand.Reader, private, h, digest, pssOptions(salt))
	}
	if err != nil {
		return nil, operationError(err.Error())
	}
	return signature, nil
}

// pssOptions are for a salt of some length. Package rsa takes 0 for one that
// it chooses itself, and has no way to say that there is none.
func pssOptions(salt int) *rsa.PSSOptions { return &rsa.PSSOptions{SaltLength: salt} }

// rsaVerify(hash, public, data, saltLength, signature)
func (k *keyring) rsaVerify(args []quickjs.Value) (any, error) {
	key, err := k.public(args[1])
	if err != nil {
		return nil, err
	}
	public, h := key.(*rsa.PublicKey), hashes[args[0].String()]
	digest, signature := sum(args[0].String(), args[2].View()), args[4].View()
	if salt := args[3].Int(); salt < 0 {
		err = rsa.VerifyPKCS1v15(public, h, digest, signature)
	} else {
		err = rsa.VerifyPSS(public, h, digest, signature, pssOptions(salt))
	}
	return err == nil, nil
}

// rsaEncrypt(hash, public, data, label)
func (k *keyring) rsaEncrypt(args []quickjs.Value) (any, error) {
	key, err := k.public(args[1])
	if err != nil {
		return nil, err
	}
	h := hashes[args[0].String()]
	b, err := rsa.EncryptOAEP(h.New(), rand.Reader, key.(*rsa.PublicKey), args[2].View(), args[3].View())
	if err != nil {
		return nil, operationError(err.Error())
	}
	return b, nil
}

// rsaDecrypt(hash, private, data, label)
func (k *keyring) rsaDecrypt(args []quickjs.Value) (any, error) {
	key, err := k.private(args[1])
	if err != nil {
		return nil, err
	}
	h := hashes[args[0].String()]
	b, err := rsa.DecryptOAEP(h.New(), nil, key.(*rsa.PrivateKey), args[2].View(), args[3].View())
	if err != nil {
		return nil, operationError(err.Error())
	}
	return b, nil
}

// rsaParameters(isPrivate, key) returns the length of the modulus in bits and
// the public exponent.
func (k *keyring) rsaParameters(args []quickjs.Value) (any, error) {
	parse := k.public
	if args[0].Bool() {
		parse = k.private
	}
	key, err := parse(args[1])
	if err != nil {
		return nil, err
	}
	public, ok := key.(*rsa.PublicKey)
	if private, isPrivate := key.(*rsa.PrivateKey); isPrivate {
		public, ok = &private.PublicKey, true
	}
	if !ok {
		return nil, dataError("no RSA key")
	}
	return []byte{byte(public.N.BitLen() >> 8), byte(public.N.BitLen()), byte(public.E >> 24), byte(public.E >> 16), byte(public.E >> 8), byte(public.E)}, nil
}
