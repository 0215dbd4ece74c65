package http1

// FieldID names a field that something in this program asks for, so that
// nobody compares strings, or that browsers send, so that the name need not be
// parsed.
type FieldID uint8

// The fields with an ID. FieldOther is every other name.
const (
	FieldOther FieldID = iota
	FieldAcceptEncoding
	FieldAcceptLanguage
	FieldAcceptRanges
	FieldAuthorization
	FieldCacheControl
	FieldConnection
	FieldContentEncoding
	FieldContentLength
	FieldContentRange
	FieldContentType
	FieldCookie
	FieldDate
	FieldDNT
	FieldETag
	FieldExpect
	FieldForwarded
	FieldHost
	FieldHTTP2Settings
	FieldIfMatch
	FieldIfModifiedSince
	FieldIfNoneMatch
	FieldIfRange
	FieldIfUnmodifiedSince
	FieldKeepAlive
	FieldLastModified
	FieldLocation
	FieldOrigin
	FieldPriority
	FieldProxy
	FieldProxyAuthenticate
	FieldProxyAuthorization
	FieldProxyConnection
	FieldRange
	FieldReferer
	FieldRipRequest
	FieldRipStats
	FieldSecCHUA
	FieldSecCHUAMobile
	FieldSecCHUAPlatform
	FieldSecFetchDest
	FieldSecFetchMode
	FieldSecFetchSite
	FieldSecFetchUser
	FieldServer
	FieldSetCookie
	FieldTE
	FieldTrailer
	FieldTransferEncoding
	FieldUpgrade
	FieldUpgradeInsecureRequests
	FieldUserAgent
	FieldVia
	FieldXForwardedFor
	FieldXForwardedHost
	FieldXForwardedPort
	FieldXForwardedProto
	FieldXRealIP
	FieldXRequestID
	FieldXRequestStart
	FieldXSendfile
	fieldCount
)

const (
	flagHop       = 1 << iota // for this connection alone
	flagNoTrailer             // see ForbiddenTrailer
)

type knownField struct {
	name  string // as it is usually spelled
	flags byte
}

var knownFields = [fieldCount]knownField{
	FieldAcceptEncoding:          {"Accept-Encoding", flagNoTrailer},
	FieldAcceptLanguage:          {name: "Accept-Language"},
	FieldAcceptRanges:            {"Accept-Ranges", flagNoTrailer},
	FieldAuthorization:           {"Authorization", flagNoTrailer},
	FieldCacheControl:            {"Cache-Control", flagNoTrailer},
	FieldConnection:              {"Connection", flagHop},
	FieldContentEncoding:         {name: "Content-Encoding"},
	FieldContentLength:           {name: "Content-Length"},
	FieldContentRange:            {name: "Content-Range"},
	FieldContentType:             {name: "Content-Type"},
	FieldCookie:                  {"Cookie", flagNoTrailer},
	FieldDate:                    {"Date", flagNoTrailer},
	FieldDNT:                     {name: "DNT"},
	FieldETag:                    {name: "ETag"},
	FieldExpect:                  {"Expect", flagNoTrailer},
	FieldForwarded:               {"Forwarded", flagNoTrailer},
	FieldHost:                    {"Host", flagNoTrailer},
	FieldHTTP2Settings:           {"HTTP2-Settings", flagHop},
	FieldIfMatch:                 {name: "If-Match"},
	FieldIfModifiedSince:         {name: "If-Modified-Since"},
	FieldIfNoneMatch:             {name: "If-None-Match"},
	FieldIfRange:                 {name: "If-Range"},
	FieldIfUnmodifiedSince:       {name: "If-Unmodified-Since"},
	FieldKeepAlive:               {"Keep-Alive", flagHop},
	FieldLastModified:            {name: "Last-Modified"},
	FieldLocation:                {"Location", flagNoTrailer},
	FieldOrigin:                  {name: "Origin"},
	FieldPriority:                {name: "Priority"},
	FieldProxy:                   {"Proxy", flagNoTrailer},
	FieldProxyAuthenticate:       {"Proxy-Authenticate", flagHop},
	FieldProxyAuthorization:      {"Proxy-Authorization", flagHop},
	FieldProxyConnection:         {"Proxy-Connection", flagHop},
	FieldRange:                   {"Range", flagNoTrailer},
	FieldReferer:                 {name: "Referer"},
	FieldRipRequest:              {"Rip-Request", flagNoTrailer},
	FieldRipStats:                {name: "Rip-Stats"},
	FieldSecCHUA:                 {name: "sec-ch-ua"},
	FieldSecCHUAMobile:           {name: "sec-ch-ua-mobile"},
	FieldSecCHUAPlatform:         {name: "sec-ch-ua-platform"},
	FieldSecFetchDest:            {name: "Sec-Fetch-Dest"},
	FieldSecFetchMode:            {name: "Sec-Fetch-Mode"},
	FieldSecFetchSite:            {name: "Sec-Fetch-Site"},
	FieldSecFetchUser:            {name: "Sec-Fetch-User"},
	FieldServer:                  {"Server", flagNoTrailer},
	FieldSetCookie:               {"Set-Cookie", flagNoTrailer},
	FieldTE:                      {"TE", flagHop},
	FieldTrailer:                 {"Trailer", flagHop},
	FieldTransferEncoding:        {"Transfer-Encoding", flagHop},
	FieldUpgrade:                 {"Upgrade", flagHop},
	FieldUpgradeInsecureRequests: {name: "Upgrade-Insecure-Requests"},
	FieldUserAgent:               {"User-Agent", flagNoTrailer},
	FieldVia:                     {"Via", flagNoTrailer},
	FieldXForwardedFor:           {name: "X-Forwarded-For"},
	FieldXForwardedHost:          {name: "X-Forwarded-Host"},
	FieldXForwardedPort:          {name: "X-Forwarded-Port"},
	FieldXForwardedProto:         {name: "X-Forwarded-Proto"},
	FieldXRealIP:                 {"X-Real-IP", flagNoTrailer},
	FieldXRequestID:              {"X-Request-Id", flagNoTrailer},
	FieldXRequestStart:           {"X-Request-Start", flagNoTrailer},
	FieldXSendfile:               {"X-Sendfile", flagNoTrailer},
}

// String returns the usual spelling of the name, "" for FieldOther and
// numbers that are no ID.
func (id FieldID) String() string {
	if id >= fieldCount {
		return ""
	}
	return knownFields[id].name
}

func (id FieldID) flags() byte { return knownFields[id].flags }

// fieldTable finds the only known name that a name can be by its hash. No two
// known names share one.
var fieldTable = func() (t [256]FieldID) {
	for id := FieldOther + 1; id < fieldCount; id++ {
		t[fieldHash(knownFields[id].name)] = id
	}
	return t
}()

// fieldHash mixes the length, the first and the last but one letter, which
// differ more between field names than the last does. Bit 0x20 makes upper and
// lower case the same.
func fieldHash[T ~string | ~[]byte](name T) uint8 {
	return uint8(len(name)) + 25*(name[0]|0x20) + 67*(name[len(name)-2]|0x20)
}

// Identify returns the ID of a field name, whatever its case.
func Identify[T ~string | ~[]byte](name T) FieldID {
	if len(name) < 2 {
		return FieldOther
	}
	id := fieldTable[fieldHash(name)]
	if known := knownFields[id].name; string(name) == known || EqualFold(name, known) {
		return id
	}
	return FieldOther
}
