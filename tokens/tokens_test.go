package tokens

// testSecret is invented; it has the shape of Stream's.
var testSecret = NewSecret([]byte("m4x8q2zv7k9pw3ty6hb5nc8rd2fg4js7au9ebq6t3wz8xk5vn2cm7yp4hd9rgf3s"))
