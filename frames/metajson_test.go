package frames

import (
	"strings"
	"testing"

	"github.com/eiengine/eiengine/infer/backend"
)

// quiet is a meta that has no form in JSON.
type quiet struct{}

func (*quiet) MetaName() string { return "quiet" }

func TestMetadataAsThePluginHasIt(t *testing.T) {
	f := bare()
	defer f.Release()
	score := -0.5
	region := &Region{Label: "person", Confidence: 0.95, Rect: Rect{24, 145, 352, 239}, ObjectID: 7, Tracked: true}
	f.Attach(&InferenceResult{Type: "object-tracking", Result: &backend.Result{Boxes: []backend.Box{{Label: "person", Value: 0.5, X: 1, Y: 2, Width: 3, Height: 4}}}})
	f.Attach(&InferenceResult{Type: "classification", Result: &backend.Result{Anomaly: &score, Classification: []backend.Score{{Label: "cat", Value: 0.25}}}})
	f.Attach(&InferenceResult{Type: "anomaly-detection", Result: &backend.Result{VisualAnomaly: &backend.VisualAnomaly{Max: 6, Mean: 1}}})
	f.Attach(&Anomaly{Score: 0, Max: 6, Mean: 1, Grid: []AnomalyCell{{Rect: Rect{8, 0, 8, 8}, Score: 6}}})
	f.Attach(region)
	f.Attach(&quiet{})
	f.Attach(&Classification{Label: "cat", Confidence: 0.25})
	f.Attach(&Region{Label: "cat", Confidence: 0.25, FullFrame: true, Rect: Rect{0, 0, 640, 480}})
	f.Attach(&CropOrigin{Source: Rect{1, 2, 3, 4}, Width: 640, Height: 480, Region: region})
	want := `[` + strings.Join([]string{
		`{"meta":"InferenceResultMeta","inference_type":"object-detection","result_json":"{\"bounding_boxes\":[{\"height\":4,\"label\":\"person\",\"value\":0.5,\"width\":3,\"x\":1,\"y\":2}],\"classification\":{},\"object_tracking\":[]}","detection_count":1,"max_confidence":0.5,"top_class":"person","top_confidence":0.5,"anomaly_score":0,"visual_anomaly_max":0}`,
		`{"meta":"InferenceResultMeta","inference_type":"classification","result_json":"{\"classification\":{\"cat\":0.25}}","detection_count":0,"max_confidence":0.25,"top_class":"cat","top_confidence":0.25,"anomaly_score":-0.5,"visual_anomaly_max":0}`,
		`{"meta":"InferenceResultMeta","inference_type":"anomaly-detection","result_json":"{\"anomaly\":0.0,\"visual_anomaly_grid\":[],\"visual_anomaly_max\":6.0,\"visual_anomaly_mean\":1.0}","detection_count":0,"max_confidence":0,"top_class":"","top_confidence":0,"anomaly_score":0,"visual_anomaly_max":6}`,
		`{"meta":"VideoAnomalyMeta","anomaly":0,"visual_anomaly_max":6,"visual_anomaly_mean":1,"visual_anomaly_grid":[{"x":8,"y":0,"width":8,"height":8,"label":"600.0"}]}`,
		`{"meta":"GstVideoRegionOfInterestMeta","roi_type":"person","x":24,"y":145,"w":352,"h":239,"params":[{"name":"detection","label":"person","confidence":0.95,"object_id":7}]}`,
		`{"meta":"VideoClassificationMeta","params":[{"name":"classification","label":"cat","confidence":0.25}]}`,
		`{"meta":"GstVideoRegionOfInterestMeta","roi_type":"cat","x":0,"y":0,"w":640,"h":480,"params":[{"name":"classification","label":"cat","confidence":0.25}],"full_frame":true}`,
		`{"meta":"CropOriginMeta","source_x":1,"source_y":2,"source_width":3,"source_height":4,"original_width":640,"original_height":480,"object_id":7,"detection_label":"person","detection_confidence":0.95}`,
	}, ",") + `]`
	got, err := f.MetasJSON()
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", strings.ReplaceAll(string(got), "},{\"meta", "},\n{\"meta"), strings.ReplaceAll(want, "},{\"meta", "},\n{\"meta"))
	}
}

func TestFrameWithoutMetadata(t *testing.T) {
	f := bare()
	defer f.Release()
	if got, err := f.MetasJSON(); err != nil || string(got) != "[]" {
		t.Errorf("%s, %v", got, err)
	}
}
