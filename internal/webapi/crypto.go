package webapi

import "github.com/rip-server/rip-server/internal/quickjs"

// cryptoHost returns the functions for crypto and subtle.
func cryptoHost(l *Loop, e *quickjs.Engine) map[string]quickjs.Func {
	k := &keyring{parsed: map[string]any{}}
	return map[string]quickjs.Func{
		"randomBytes":   randomBytes,
		"randomUUID":    randomUUID,
		"digest":        digest,
		"hmacSign":      hmacSign,
		"hmacVerify":    hmacVerify,
		"aesGCM":        aesGCM,
		"aesCBC":        aesCBC,
		"aesCTR":        aesCTR,
		"aesKW":         aesKW,
		"hkdfBytes":     hkdfBytes,
		"pbkdf2Bytes":   pbkdf2Bytes(l, e),
		"generateKey":   generateKey,
		"ecdsaSign":     k.ecdsaSign,
		"ecdsaVerify":   k.ecdsaVerify,
		"ed25519Sign":   k.ed25519Sign,
		"ed25519Verify": k.ed25519Verify,
		"sharedSecret":  k.sharedSecret,
		"generateRSA":   generateRSA(l, e),
		"rsaSign":       k.rsaSign,
		"rsaVerify":     k.rsaVerify,
		"rsaEncrypt":    k.rsaEncrypt,
		"rsaDecrypt":    k.rsaDecrypt,
		"rsaParameters": k.rsaParameters,
		"publicOf":      k.publicOf,
		"checkKey":      k.checkKey,
		"importPoint":   importPoint,
		"exportPoint":   k.exportPoint,
		"importJWK":     importJWK,
		"exportJWK":     k.exportJWK,
	}
}
