// Package hotplug is what cameras and sound devices have in common: an identity that
// stays when a cable is moved and nodes get other numbers, and news of nodes that come
// and go.
package hotplug
