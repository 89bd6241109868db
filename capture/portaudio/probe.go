package portaudio

// Probe says which PortAudio there is, and how this build reaches it.
func Probe() (version string, err error) {
	lib, err := load()
	if err != nil {
		return "", err
	}
	return lib.version() + ", " + backend, nil
}
