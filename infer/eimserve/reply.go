package eimserve

import (
	"math"
	"time"

	"github.com/eiengine/eiengine/infer/backend"
)

// hello is the description of the model, without id and success.
func (s *server) hello(in *block, inErr error, outs []*block) object {
	i := s.model.Info()
	properties := i.EngineProperties
	if properties == nil {
		properties = []string{}
	}
	labels := i.Labels
	if labels == nil {
		labels = []string{}
	}
	o := object{
		"inferencing_engine": object{"engine_type": i.Engine, "properties": properties},
		"project": object{
			"id": i.Project.ID, "owner": i.Project.Owner, "name": i.Project.Name, "deploy_version": i.Project.DeployVersion,
			"impulse_id": i.Project.ImpulseID, "impulse_name": i.Project.ImpulseName,
		},
		"model_parameters": object{
			"model_type": i.Type, "sensor": i.Sensor, "labels": labels, "label_count": len(labels),
			"input_features_count": i.InputFeatures,
			"image_input_width":    i.ImageWidth, "image_input_height": i.ImageHeight,
			"image_channel_count": i.ImageChannels, "image_input_frames": i.ImageFrames, "image_resize_mode": resize(i.Resize),
			"frequency": i.Frequency, "interval_ms": i.IntervalMS, "axis_count": i.AxisCount,
			"slice_size": i.SliceSize, "use_continuous_mode": i.Continuous,
			"has_anomaly": i.Anomaly, "has_object_tracking": i.HasObjectTracking, "has_performance_calibration": i.HasPerformanceCalibration,
			"inferencing_engine": i.Engine, "thresholds": thresholds(i.Thresholds),
		},
	}
	switch {
	case inErr != nil:
		o["features_shm_error"] = inErr.Error()
	case in != nil:
		o["features_shm"] = shmObject(in)
	}
	if len(outs) > 0 {
		list := make([]object, len(outs))
		for i, b := range outs {
			list[i] = shmObject(b)
			list[i]["index"] = i
		}
		o["freeform_output_shm"] = list
	}
	return o
}

func resize(r backend.ResizeMode) backend.ResizeMode {
	if r == backend.ResizeUnset {
		return backend.ResizeNone
	}
	return r
}

func shmObject(b *block) object {
	return object{"name": b.name, "size_bytes": len(b.mem), "type": "float32", "elements": len(b.data)}
}

func thresholds(list []backend.Threshold) []object {
	out := make([]object, len(list))
	for i, t := range list {
		o := object{"id": t.ID, "type": t.Type}
		for k, v := range t.Values {
			o[k] = float(v)
		}
		out[i] = o
	}
	return out
}

// result is the answer to a request. Kinds that a model of this type always
// answers are there also when empty.
func (s *server) result(r *backend.Result, sharedOutputs bool) object {
	i := s.model.Info()
	o := object{}
	detects := i.Type == backend.ObjectDetection || i.Type == backend.FOMO
	if len(r.Classification) > 0 || r.Classification != nil && !detects {
		scores := object{}
		for _, c := range r.Classification {
			scores[c.Label] = float(c.Value)
		}
		o["classification"] = scores
	}
	if r.Boxes != nil || detects {
		o["bounding_boxes"] = boxes(r.Boxes)
	}
	if r.Tracks != nil || i.HasObjectTracking {
		list := make([]object, len(r.Tracks))
		for i, t := range r.Tracks {
			list[i] = box(t.Box)
			list[i]["object_id"] = t.ObjectID
		}
		o["object_tracking"] = list
	}
	if r.Anomaly != nil {
		o["anomaly"] = float(*r.Anomaly)
	}
	if v := r.VisualAnomaly; v != nil {
		o["visual_anomaly_grid"], o["visual_anomaly_max"], o["visual_anomaly_mean"] = boxes(v.Grid), float(v.Max), float(v.Mean)
		if r.Anomaly == nil {
			o["anomaly"] = float(0)
		}
	}
	switch {
	case r.Freeform == nil:
	case sharedOutputs:
		o["freeform"] = "shm"
	default:
		rows := make([][]float, len(r.Freeform))
		for i, row := range r.Freeform {
			rows[i] = make([]float, len(row))
			for j, v := range row {
				rows[i][j] = float(v)
			}
		}
		o["freeform"] = rows
	}
	return o
}

func boxes(list []backend.Box) []object {
	out := make([]object, len(list))
	for i, b := range list {
		out[i] = box(b)
	}
	return out
}

func box(b backend.Box) object {
	return object{"label": b.Label, "value": float(b.Value), "x": b.X, "y": b.Y, "width": b.Width, "height": b.Height}
}

// clocks are the times that are the server's own, beside the model's.
type clocks struct{ stdin, json, handler time.Duration }

func timing(t backend.Timing, c clocks) object {
	return object{
		"dsp": ms(t.DSP), "classification": ms(t.Classification), "anomaly": ms(t.Anomaly),
		"stdin": ms(c.stdin), "json": ms(c.json), "msg_handler": ms(c.handler),
	}
}

func ms(d time.Duration) int64 { return int64(math.Round(float64(d) / float64(time.Millisecond))) }
