package pcm

// function is one of ALSA's.
type function int

const (
	fnErrorSetHandler function = iota
	fnStrerror
	fnNameHint
	fnNameGetHint
	fnNameFreeHint
	fnCardGetName
	fnOpen
	fnClose
	fnPrepare
	fnResume
	fnStart
	fnDrop
	fnDrain
	fnState
	fnAvail
	fnReadi
	fnWritei
	fnInfoMalloc
	fnInfoFree
	fnInfo
	fnInfoGetCard
	fnInfoGetName
	fnHWMalloc
	fnHWFree
	fnHWAny
	fnHWSetAccess
	fnHWTestFormat
	fnHWSetFormat
	fnHWSetRate
	fnHWTestRate
	fnHWGetRateMin
	fnHWGetRateMax
	fnHWSetChannels
	fnHWGetChannelsMin
	fnHWGetChannelsMax
	fnHWSetBufferTime
	fnHWSetPeriodTime
	fnHWGetBufferSize
	fnHWGetPeriodSize
	fnHW
	fnSWMalloc
	fnSWFree
	fnSWCurrent
	fnSWSetStart
	fnSWSetAvailMin
	fnSW
	functions
)

var names = [functions]string{
	fnErrorSetHandler:  "snd_lib_error_set_handler",
	fnStrerror:         "snd_strerror",
	fnNameHint:         "snd_device_name_hint",
	fnNameGetHint:      "snd_device_name_get_hint",
	fnNameFreeHint:     "snd_device_name_free_hint",
	fnCardGetName:      "snd_card_get_name",
	fnOpen:             "snd_pcm_open",
	fnClose:            "snd_pcm_close",
	fnPrepare:          "snd_pcm_prepare",
	fnResume:           "snd_pcm_resume",
	fnStart:            "snd_pcm_start",
	fnDrop:             "snd_pcm_drop",
	fnDrain:            "snd_pcm_drain",
	fnState:            "snd_pcm_state",
	fnAvail:            "snd_pcm_avail",
	fnReadi:            "snd_pcm_readi",
	fnWritei:           "snd_pcm_writei",
	fnInfoMalloc:       "snd_pcm_info_malloc",
	fnInfoFree:         "snd_pcm_info_free",
	fnInfo:             "snd_pcm_info",
	fnInfoGetCard:      "snd_pcm_info_get_card",
	fnInfoGetName:      "snd_pcm_info_get_name",
	fnHWMalloc:         "snd_pcm_hw_params_malloc",
	fnHWFree:           "snd_pcm_hw_params_free",
	fnHWAny:            "snd_pcm_hw_params_any",
	fnHWSetAccess:      "snd_pcm_hw_params_set_access",
	fnHWTestFormat:     "snd_pcm_hw_params_test_format",
	fnHWSetFormat:      "snd_pcm_hw_params_set_format",
	fnHWSetRate:        "snd_pcm_hw_params_set_rate",
	fnHWTestRate:       "snd_pcm_hw_params_test_rate",
	fnHWGetRateMin:     "snd_pcm_hw_params_get_rate_min",
	fnHWGetRateMax:     "snd_pcm_hw_params_get_rate_max",
	fnHWSetChannels:    "snd_pcm_hw_params_set_channels",
	fnHWGetChannelsMin: "snd_pcm_hw_params_get_channels_min",
	fnHWGetChannelsMax: "snd_pcm_hw_params_get_channels_max",
	fnHWSetBufferTime:  "snd_pcm_hw_params_set_buffer_time_near",
	fnHWSetPeriodTime:  "snd_pcm_hw_params_set_period_time_near",
	fnHWGetBufferSize:  "snd_pcm_hw_params_get_buffer_size",
	fnHWGetPeriodSize:  "snd_pcm_hw_params_get_period_size",
	fnHW:               "snd_pcm_hw_params",
	fnSWMalloc:         "snd_pcm_sw_params_malloc",
	fnSWFree:           "snd_pcm_sw_params_free",
	fnSWCurrent:        "snd_pcm_sw_params_current",
	fnSWSetStart:       "snd_pcm_sw_params_set_start_threshold",
	fnSWSetAvailMin:    "snd_pcm_sw_params_set_avail_min",
	fnSW:               "snd_pcm_sw_params",
}

// hint is one line of the list of devices.
type hint struct {
	name, description string
	direction         string // "Input", "Output", empty for both
}
