"""Drives a model with Edge Impulse's runner for Python: MODEL FRAMES WIDTH HEIGHT PROCESSES CALLS."""
import itertools, json, sys, threading, time
import numpy as np
from edge_impulse_linux.image import ImageImpulseRunner

model, file, width, height, processes, calls = sys.argv[1:7]
data = np.fromfile(file, dtype=np.uint8).reshape(-1, int(height), int(width), 3)
runners = [ImageImpulseRunner(model) for _ in range(int(processes))]
for r in runners:
    r.init()

def run(total):
    trips, numbers = [], itertools.count()
    def work(r):
        while True:
            n = next(numbers)
            if n >= total:
                return
            began = time.perf_counter_ns()
            features, _ = r.get_features_from_image_auto_studio_settings(data[n % len(data)])
            r.classify(features)
            trips.append(time.perf_counter_ns() - began)
    threads = [threading.Thread(target=work, args=(r,)) for r in runners]
    began = time.perf_counter_ns()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return {"nanoseconds": time.perf_counter_ns() - began, "trips": trips}

run(20)
print('"ready"', flush=True)
sys.stdin.readline()
result = run(int(calls))
print(json.dumps(result), flush=True)
sys.stdin.readline()
for r in runners:
    r.stop()
