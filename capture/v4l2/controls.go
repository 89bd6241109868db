package v4l2

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ControlType says which values a control takes.
type ControlType string

// The types of controls that can be read and set here.
const (
	Integer   ControlType = "int"
	Boolean   ControlType = "bool"
	Menu      ControlType = "menu"
	Button    ControlType = "button" // has no value; setting it does something
	Integer64 ControlType = "int64"
	Text      ControlType = "string"
	Bitmask   ControlType = "bitmask"
)

var controlTypes = map[uint32]ControlType{1: Integer, 2: Boolean, 3: Menu, 4: Button, 5: Integer64, 7: Text, 8: Bitmask, 9: Menu}

const integerMenu = 9

// Control is something that can be set on a camera.
type Control struct {
	// Name is in small letters with _ between words, such as white_balance_automatic.
	Name  string      `json:"name"`
	Label string      `json:"label"` // the driver's name for it
	Type  ControlType `json:"type"`
	// Min, Max, Step and Default bound numbers; of strings Min and Max bound the length.
	Min     int64 `json:"min"`
	Max     int64 `json:"max"`
	Step    int64 `json:"step"`
	Default int64 `json:"default"`
	// Items are the choices of a menu.
	Items []MenuItem `json:"items,omitempty"`
	// ReadOnly cannot be set, Inactive has no effect as long as another control is
	// what it is, Volatile changes by itself.
	ReadOnly bool `json:"readonly,omitempty"`
	Inactive bool `json:"inactive,omitempty"`
	Volatile bool `json:"volatile,omitempty"`

	id uint32
}

// ID is the number of the control in the kernel's interface.
func (c *Control) ID() uint32 { return c.id }

// MenuItem is a choice of a menu.
type MenuItem struct {
	Value int64  `json:"value"`
	Name  string `json:"name"`
}

const (
	ctrlDisabled     = 0x1
	ctrlReadOnly     = 0x4
	ctrlInactive     = 0x10
	ctrlVolatile     = 0x80
	ctrlHasPayload   = 0x100
	ctrlNext         = 0x80000000
	ctrlWhichCurrent = 0
)

// ControlByID is the name and value range of a control by its number.
func (d *Camera) ControlByID(id uint32) (Control, error) {
	c, _, err := d.queryControl(id)
	return c, err
}

// queryControl gives ok false for what is no control that could be used: classes,
// disabled ones, arrays.
func (d *Camera) queryControl(id uint32) (c Control, ok bool, err error) {
	q := queryControl{id: id}
	if err := d.control(vidiocQueryExtCtrl, unsafe.Pointer(&q)); err != nil {
		return c, false, err
	}
	c = Control{
		Name: controlName(text(q.name[:])), Label: text(q.name[:]), Type: controlTypes[q.typ],
		Min: q.minimum, Max: q.maximum, Step: int64(q.step), Default: q.preset, id: q.id,
		ReadOnly: q.flags&ctrlReadOnly != 0, Inactive: q.flags&ctrlInactive != 0, Volatile: q.flags&ctrlVolatile != 0,
	}
	payload := q.flags&ctrlHasPayload != 0 && c.Type != Text
	if c.Type == "" || q.flags&ctrlDisabled != 0 || payload || q.dimensions > 0 {
		return c, false, nil
	}
	if c.Type == Menu {
		c.Items = d.items(&q)
	}
	return c, true, nil
}

func (d *Camera) items(q *queryControl) []MenuItem {
	var items []MenuItem
	for i := max(q.minimum, 0); i <= q.maximum && i < manyTypes; i++ {
		m := queryMenu{id: q.id, index: uint32(i)}
		if d.control(vidiocQueryMenu, unsafe.Pointer(&m)) != nil {
			continue // menus have holes
		}
		name := text(m.name[:])
		if q.typ == integerMenu {
			name = strconv.FormatInt(int64(binary.NativeEndian.Uint64(m.name[:])), 10)
		}
		items = append(items, MenuItem{i, name})
	}
	return items
}

// Controls lists what can be set, in the driver's order.
func (d *Camera) Controls() ([]Control, error) {
	const compound = 0x40000000
	var all []Control
	id := uint32(0)
	for range manyTypes {
		q := queryControl{id: id | ctrlNext}
		if err := d.control(vidiocQueryExtCtrl, unsafe.Pointer(&q)); err != nil {
			if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTTY) {
				break
			}
			return nil, d.failed("asking for its controls", err)
		}
		id = q.id &^ compound
		if c, ok, err := d.queryControl(q.id); ok && err == nil {
			all = append(all, c)
		}
	}
	return all, nil
}

// controlName makes small letters and digits with _ between them of a label.
func controlName(label string) string {
	words := strings.FieldsFunc(strings.ToLower(label), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	return strings.Join(words, "_")
}

// FindControl looks a control up by its name; letters and what lies between words do
// not matter. The error names those that there are.
func (d *Camera) FindControl(name string) (Control, error) {
	all, err := d.Controls()
	if err != nil {
		return Control{}, err
	}
	wanted := controlName(name)
	var names []string
	for _, c := range all {
		if c.Name == wanted {
			return c, nil
		}
		names = append(names, c.Name)
	}
	if len(names) == 0 {
		return Control{}, fmt.Errorf("%s has no control %q, and no other", d.info.Path, name)
	}
	return Control{}, fmt.Errorf("%s has no control %q; it has %s", d.info.Path, name, strings.Join(names, ", "))
}

// Set sets a control by its name. Errors are those of FindControl and SetValue.
func (d *Camera) Set(name, value string) error {
	c, err := d.FindControl(name)
	if err != nil {
		return err
	}
	return d.SetValue(&c, value)
}

// Value reads a control as text: a number, or the string.
func (d *Camera) Value(c *Control) (string, error) {
	e := newExtControl(c.id)
	if c.Type == Text {
		return d.textValue(c, e)
	}
	if err := d.extControl(vidiocGExtCtrls, &e); err != nil {
		return "", d.failed("reading control "+c.Name, err)
	}
	if c.Type == Integer64 {
		return strconv.FormatInt(int64(binary.NativeEndian.Uint64(e[12:])), 10), nil
	}
	return strconv.FormatInt(int64(int32(binary.NativeEndian.Uint32(e[12:]))), 10), nil
}

func (d *Camera) textValue(c *Control, e extControl) (string, error) {
	b := make([]byte, c.Max+1)
	err := d.withText(vidiocGExtCtrls, &e, b)
	if err != nil {
		return "", d.failed("reading control "+c.Name, err)
	}
	return text(b), nil
}

// SetValue sets a control from text: a number, true or false, the number or the name
// of a menu's item, or a string. The error names the range. It works while capturing.
func (d *Camera) SetValue(c *Control, value string) error {
	e := newExtControl(c.id)
	if c.Type == Text {
		if int64(len(value)) > c.Max {
			return fmt.Errorf("control %s takes at most %d bytes", c.Name, c.Max)
		}
		return d.settled(c, value, d.withText(vidiocSExtCtrls, &e, append([]byte(value), 0)))
	}
	n, err := c.number(value)
	if err != nil {
		return err
	}
	if c.Type == Integer64 {
		binary.NativeEndian.PutUint64(e[12:], uint64(n))
	} else {
		binary.NativeEndian.PutUint32(e[12:], uint32(n))
	}
	return d.settled(c, value, d.extControl(vidiocSExtCtrls, &e))
}

func (d *Camera) settled(c *Control, value string, err error) error {
	if err == nil {
		return nil
	}
	remedy := ""
	switch {
	case errors.Is(err, unix.EBUSY):
		remedy = ": it cannot be set while capturing"
	case c.ReadOnly:
		remedy = ": it is read-only"
	case c.Inactive:
		remedy = ": it has no effect until the automatic control beside it is off"
	}
	return fmt.Errorf("%w%s", d.failed(fmt.Sprintf("setting control %s to %s", c.Name, value), err), remedy)
}

// number is the value that text stands for.
func (c *Control) number(value string) (int64, error) {
	switch strings.ToLower(value) {
	case "true":
		return 1, nil
	case "false":
		return 0, nil
	}
	for _, item := range c.Items {
		if strings.EqualFold(item.Name, value) {
			return item.Value, nil
		}
	}
	n, err := strconv.ParseInt(value, 0, 64)
	if err != nil || c.Type != Button && (n < c.Min || n > c.Max) && c.Type != Bitmask {
		return 0, fmt.Errorf("control %s takes %s, not %q", c.Name, c.takes(), value)
	}
	return n, nil
}

// takes names the values that may be set.
func (c *Control) takes() string {
	if len(c.Items) == 0 {
		return fmt.Sprintf("%d to %d", c.Min, c.Max)
	}
	var names []string
	for _, i := range c.Items {
		names = append(names, fmt.Sprintf("%d (%s)", i.Value, i.Name))
	}
	return strings.Join(names, ", ")
}

func newExtControl(id uint32) (e extControl) {
	binary.NativeEndian.PutUint32(e[:], id)
	return e
}

func (d *Camera) extControl(request uintptr, e *extControl) error {
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(e)
	all := &extControls{which: ctrlWhichCurrent, count: 1, controls: unsafe.Pointer(e)}
	return d.control(request, unsafe.Pointer(all))
}

// withText is extControl for a value that lies in b.
func (d *Camera) withText(request uintptr, e *extControl, b []byte) error {
	var pin runtime.Pinner
	defer pin.Unpin()
	pin.Pin(&b[0])
	binary.NativeEndian.PutUint32(e[4:], uint32(len(b)))
	binary.NativeEndian.PutUint64(e[12:], uint64(uintptr(unsafe.Pointer(&b[0]))))
	return d.extControl(request, e)
}
