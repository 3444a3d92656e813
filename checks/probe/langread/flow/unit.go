package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// Rules of this file:
//   - what an object of time counts in is its library's matter: a claim that is one is in seconds
//   - a division by a thousand makes seconds of milliseconds, a multiplication milliseconds of seconds

// inMillis and inSeconds are the calls and members that give the time of day.
var (
	inMillis  = syntax.Set("UnixMilli", "currentTimeMillis", "ToUnixTimeMilliseconds", "toEpochMilli", "toEpochMilliseconds", "getTimestampMs", "epochMillis", "UnixNano", "nanoTime")
	inSeconds = syntax.Set("Unix", "time", "timestamp", "to_i", "ToUnixTimeSeconds", "getEpochSecond", "epochSecond", "epochSeconds", "getTimestamp", "utcnow", "now", "Add", "UtcNow", "Now")
	// timeObjects are the types that the libraries of tokens turn into seconds themselves.
	timeObjects = syntax.Set("Date", "Instant", "ofEpochMilli", "ofEpochSecond", "fromEpochMilliseconds", "FromUnixTimeMilliseconds", "FromUnixTimeSeconds", "Timestamp", "NewNumericDate", "toSeconds", "MILLISECONDS", "DateTime")
)

var rubyUnits = syntax.Set("second", "seconds", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks")

// unitOf tells the unit of a time: seconds since 1970, milliseconds, or a duration.
func unitOf(n *syntax.Node) string {
	switch unit := timeIn(n, 0); {
	case unit != "":
		return unit
	case n.Kind == syntax.KMember && n.X.Kind == syntax.KNumber && rubyUnits[n.Text]:
		return "duration" // 1.hour
	case n.Kind != syntax.KOther && n.Kind != syntax.KTemplate && onlyNumbers(n):
		return "duration"
	}
	return ""
}

// onlyNumbers reports whether nothing with a name takes part in an expression.
func onlyNumbers(n *syntax.Node) bool {
	plain := true
	n.EachOutside(func(x *syntax.Node) {
		if x.Kind == syntax.KName || x.Kind == syntax.KMember {
			plain = plain && x.Text == ""
		}
	})
	return plain
}

// timeIn is the unit in which an expression tells the time; "" where it holds none.
func timeIn(n *syntax.Node, depth int) string {
	if n == nil || depth > 12 {
		return ""
	}
	switch n.Kind {
	case syntax.KName, syntax.KMember:
		switch {
		case inMillis[n.Text]:
			return "milliseconds"
		case n.Kind == syntax.KMember && timeIn(n.X, depth+1) != "":
			return timeIn(n.X, depth+1)
		case inSeconds[n.Text]:
			return "seconds"
		}
		return ""
	case syntax.KCall:
		name := n.X.Last()
		switch {
		case timeObjects[name]:
			return "seconds"
		case inMillis[name]:
			return "milliseconds"
		case name == "intdiv" && len(n.Args) == 2 && isThousand(n.Args[1].X):
			return "seconds"
		}
		unit := timeIn(n.X, depth+1)
		for _, a := range n.Args { // int(time.time() * 1000)
			if u := timeIn(a.X, depth+1); u != "" && (unit == "" || unit == "seconds" && n.X.Kind == syntax.KName) {
				unit = u
			}
		}
		return unit
	case syntax.KBinary:
		left, right := timeIn(n.X, depth+1), timeIn(n.Y, depth+1)
		switch {
		case n.Text == "*" && (isThousand(n.Y) && left == "seconds" || isThousand(n.X) && right == "seconds"):
			return "milliseconds"
		case (n.Text == "/" || n.Text == "//") && left != "":
			return "seconds"
		case left == "milliseconds" || right == "milliseconds":
			return "milliseconds"
		case left != "":
			return left
		}
		return right
	}
	unit := ""
	n.EachOutside(func(x *syntax.Node) {
		if x != n && unit == "" && (x.Kind == syntax.KBinary || x.Kind == syntax.KCall || x.Kind == syntax.KName || x.Kind == syntax.KMember) {
			unit = timeIn(x, depth+1)
		}
	})
	return unit
}

func isThousand(n *syntax.Node) bool {
	if n == nil || n.Kind != syntax.KNumber {
		return false
	}
	switch strings.TrimRight(affix.ReplaceAll(n.Text, "_", ""), "Ll") {
	case "1000", "1e3", "1000.0":
		return true
	}
	return false
}
