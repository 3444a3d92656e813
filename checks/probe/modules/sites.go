package modules

import "badsig/checks/probe/names"

// StreamSigners are the methods of Stream's clients that make a user token.
var StreamSigners = names.Words("createToken", "createUserToken", "generateUserToken", "generatePermanentUserToken", "generateCallToken", "createCallToken", "createUserSessionToken")
