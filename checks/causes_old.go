package checks

import "badsig/checks/causes"

// The old names of package causes, until every rule uses the new ones.

// CauseID is causes.ID.
type CauseID = causes.ID

// Constants of package causes.
const (
	Error   = causes.Error
	Warning = causes.Warning

	CauseServerDown         = causes.ServerDown
	CauseServerOnOtherPort  = causes.ServerOnOtherPort
	CauseWrongServer        = causes.WrongServer
	CauseServerHangs        = causes.ServerHangs
	CauseServerFamily       = causes.ServerFamily
	CauseServerStale        = causes.ServerStale
	CauseEndpointNotFound   = causes.EndpointNotFound
	CauseEndpointMethod     = causes.EndpointMethod
	CauseEndpointHTML       = causes.EndpointHTML
	CauseEndpointRedirect   = causes.EndpointRedirect
	CauseEndpointAuth       = causes.EndpointAuth
	CauseEndpointError      = causes.EndpointError
	CauseEndpointBody       = causes.EndpointBody
	CauseCORSBlocked        = causes.CORSBlocked
	CauseTokenMissing       = causes.TokenMissing
	CauseTokenCacheable     = causes.TokenCacheable
	CauseTokenWrapped       = causes.TokenWrapped
	CauseTokenTruncated     = causes.TokenTruncated
	CauseTokenMalformed     = causes.TokenMalformed
	CauseTokenEncoding      = causes.TokenEncoding
	CauseTokenAlgorithm     = causes.TokenAlgorithm
	CauseTokenForeign       = causes.TokenForeign
	CauseTokenDev           = causes.TokenDev
	CauseTokenServer        = causes.TokenServer
	CauseTokenStale         = causes.TokenStale
	CauseUserIDMissing      = causes.UserIDMissing
	CauseUserIDMismatch     = causes.UserIDMismatch
	CauseUserIDType         = causes.UserIDType
	CauseUserIDPlaceholder  = causes.UserIDPlaceholder
	CauseUserIDCharacters   = causes.UserIDCharacters
	CauseIATFuture          = causes.IATFuture
	CauseIATMilliseconds    = causes.IATMilliseconds
	CauseClockSkew          = causes.ClockSkew
	CauseTokenExpired       = causes.TokenExpired
	CauseEXPRelative        = causes.EXPRelative
	CauseEXPMilliseconds    = causes.EXPMilliseconds
	CauseEXPTooShort        = causes.EXPTooShort
	CauseClaimType          = causes.ClaimType
	CauseNBFFuture          = causes.NBFFuture
	CauseTokenRevoked       = causes.TokenRevoked
	CauseSecretMissing      = causes.SecretMissing
	CauseSecretPlaceholder  = causes.SecretPlaceholder
	CauseSecretWhitespace   = causes.SecretWhitespace
	CauseSecretInvisible    = causes.SecretInvisible
	CauseSecretQuoted       = causes.SecretQuoted
	CauseSecretEncoding     = causes.SecretEncoding
	CauseSecretCase         = causes.SecretCase
	CauseSecretTruncated    = causes.SecretTruncated
	CauseSecretPadded       = causes.SecretPadded
	CauseSecretTypo         = causes.SecretTypo
	CauseSecretIsKey        = causes.SecretIsKey
	CauseKeySecretSwapped   = causes.KeySecretSwapped
	CauseSecretFallback     = causes.SecretFallback
	CauseSecretShadowed     = causes.SecretShadowed
	CauseSecretOtherApp     = causes.SecretOtherApp
	CauseSecretVaries       = causes.SecretVaries
	CauseSecretUnknown      = causes.SecretUnknown
	CauseKeyMissing         = causes.KeyMissing
	CauseKeyMalformed       = causes.KeyMalformed
	CauseKeyMismatch        = causes.KeyMismatch
	CauseKeyUnknown         = causes.KeyUnknown
	CauseKeySecretMismatch  = causes.KeySecretMismatch
	CauseSecretExposed      = causes.SecretExposed
	CauseSecretInSource     = causes.SecretInSource
	CauseAppSuspended       = causes.AppSuspended
	CauseAuthChecksDisabled = causes.AuthChecksDisabled
	CauseStreamUnreachable  = causes.StreamUnreachable
)
