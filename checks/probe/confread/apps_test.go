package confread

import "testing"

// What an XML comment holds doesn't count, and the lines after it keep their numbers.
func TestXMLComments(t *testing.T) {
	got := AndroidStrings([]byte("<resources>\n<!-- <string name=\"a\">1</string>\n<string name=\"b\">2</string> --><string name=\"c\">3</string>\n" +
		"<string name=\"d\">4</string><!-- no --><!-- <string name=\"e\">5</string>\n"))
	if len(got) != 2 || got[0].Keys[0] != "c" || got[0].Line != 3 || got[1].Keys[0] != "d" || got[1].Value != "4" || got[1].Line != 4 {
		t.Errorf("%+v", got)
	}
}
