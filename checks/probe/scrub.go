package probe

import "reflect"

// scrubAll sends every text inside a value (a pointer to plain data) through
// Scrub, so that nothing of the sources reaches the facts as it was written.
func (w *World) scrubAll(data any) { scrubValue(reflect.ValueOf(data), w.Scrub) }

func scrubValue(v reflect.Value, clean func(string) string) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			scrubValue(v.Elem(), clean)
		}
	case reflect.Struct:
		// What a type keeps to itself is its own, and may be shared: a time.Time
		// points to the one time zone of the whole program.
		for i, t := 0, v.Type(); i < t.NumField(); i++ {
			if t.Field(i).IsExported() {
				scrubValue(v.Field(i), clean)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			scrubValue(v.Index(i), clean)
		}
	case reflect.String:
		if s := v.String(); v.CanSet() && s != "" {
			if c := clean(s); c != s {
				v.SetString(c)
			}
		}
	}
}
