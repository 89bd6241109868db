# Every target does its own set-up. `make` alone lists them.

GO       ?= go
BIN      := $(CURDIR)/bin
FUZZTIME ?= 5s
# What runs on its own, without a graph or processes: the parts that differ by processor.
LEAVES   := ./frames ./frames/pixel/... ./frames/pcm/... ./bus ./encode/codec/... ./overlay/raster/... \
            ./capture/fabric ./capture/scene ./capture/soundscape ./capture/testpattern ./capture/v4l2 ./capture/camera ./infer/builtin ./infer/eim/internal/confine
# What has tests that need cameras or sound cards, named TestGuest...
IN_GUEST := ./capture/v4l2 ./capture/pcm ./capture/camera ./capture/mediadevices ./capture ./cmd/eiengine ./examples
# Tests that judge thousands of pictures in one goroutine: make test runs them, once is enough.
ACCURACY := ^(TestFindsShapes|TestBaselineFindsFewShapes|TestNamesShapes|TestHearsSounds|TestFindsFaults|TestTruthIsInThePictureAndLargeEnough)$$
GOLANGCI := v2.15.0
# How long make soak breaks devices.
SOAK     ?= 30m
# ONNX Runtime for the tests of .onnx models, where `make onnxruntime` has fetched it.
ORT      := $(CURDIR)/.cache/onnxruntime/libonnxruntime.so.1
export EIENGINE_ONNXRUNTIME ?= $(wildcard $(ORT))

.DEFAULT_GOAL := help
.PHONY: help demo test check build lint docs bench bench-peers soak clean \
	fmt vet tidy race nocgo arm64 fuzz docs-current

help: ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F'\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

demo: build ## run the main job on a scene with known content; pictures go to demo-out/
	@$(BIN)/eiengine demo --out demo-out

test: vet ## vet, and run all tests (under 5 minutes)
	@.ci/need pulseaudio:pulseaudio pactl:pulseaudio-utils libasound.so.2:libasound2 :libasound2-plugins libportaudio.so.2:libportaudio2 || \
		echo "test: without a sound server, whose tests skip" >&2
	@.ci/need libturbojpeg.so.0:libturbojpeg0 || echo "test: without libturbojpeg, whose tests skip" >&2
	@.ci/need Xvfb:xvfb || echo "test: without an X server, whose tests skip" >&2
	$(GO) test ./...

check: fmt tidy nocgo arm64-build lint docs-current race arm64 guest fuzz ## everything else that has to pass before a change lands
	@echo "check: all passed"

build: ## build bin/eiengine
	@mkdir -p $(BIN)
	$(GO) build -o $(BIN)/eiengine ./cmd/eiengine

vet:
	$(GO) vet ./...

fmt:
	@bad=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
	if [ -n "$$bad" ]; then echo "not formatted, run gofmt -w on:"; echo "$$bad"; exit 1; fi

tidy:
	$(GO) mod tidy -diff

nocgo:
	CGO_ENABLED=0 $(GO) build ./...
	CGO_ENABLED=0 $(GO) build -tags nodlopen ./... # static
	$(GO) test -tags noasm ./frames/pixel ./frames/pcm # what processors without kernels run

.PHONY: arm64-build
arm64-build:
	GOARCH=arm64 CGO_ENABLED=0 $(GO) build ./...

race: ## run the tests under the race detector, and those of memory with its checks on
	@.ci/need gcc:gcc || { echo "race: the race detector needs gcc" >&2; exit 1; }
	CGO_ENABLED=1 $(GO) test -race -skip '$(ACCURACY)' ./...
	$(GO) test -tags eidebug -skip Allocat . ./frames/... # the traces of leaks allocate
	@# gordonklaus/portaudio keeps numbers in pointers, which the race detector's check of pointers ends.
	@if .ci/need gcc:gcc pkg-config:pkg-config :portaudio19-dev; then \
		echo "race: sound by PortAudio as it is linked, instead of opened at run time"; \
		CGO_ENABLED=1 $(GO) test -race -gcflags=github.com/gordonklaus/portaudio=-d=checkptr=0 -tags portaudio ./capture/portaudio; \
	else \
		echo "race: PortAudio is not linked, since gcc, pkg-config or portaudio19-dev is missing"; \
	fi

arm64: ## run the tests of the leaves under emulation of arm64
	@if .ci/need qemu-aarch64-static:qemu-user-static; then \
		echo "arm64: tests under qemu-aarch64-static, without libraries of arm64"; \
		GOARCH=arm64 CGO_ENABLED=0 $(GO) test -tags nodlopen -short -skip '$(ACCURACY)' -exec qemu-aarch64-static $(LEAVES); \
	else \
		echo "arm64: only built, not run, since qemu-aarch64-static is missing"; \
	fi
	@if .ci/need aarch64-linux-gnu-objdump:binutils-aarch64-linux-gnu; then \
		$(GO) test -run Words ./frames/internal/neon; \
	else \
		echo "arm64: the words of kernels are not read back, since aarch64-linux-gnu-objdump is missing"; \
	fi

.PHONY: guest
guest: ## run the tests of cameras and sound cards in an emulated machine that has some
	@.ci/guest-tests $(IN_GUEST)

fuzz: ## run every fuzz target for a few seconds
	@.ci/fuzz $(FUZZTIME)

.PHONY: peers
peers: ## compare 500 random graphs with an installed GStreamer
	$(GO) test ./internal/peertest -count=1 -v -run GraphsRunAsInGStreamer -peer-graphs 500

lint: $(BIN)/golangci-lint-$(GOLANGCI) ## run golangci-lint
	$(BIN)/golangci-lint-$(GOLANGCI) run ./...

$(BIN)/golangci-lint-$(GOLANGCI):
	@echo "building golangci-lint $(GOLANGCI), once: this takes minutes"
	@mkdir -p $(BIN)
	GOBIN=$(BIN) $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI)
	@mv $(BIN)/golangci-lint $@

docs: build ## write docs/reference/ from the elements
	@mkdir -p docs/reference
	$(BIN)/eiengine inspect --md > docs/reference/elements.md
	$(BIN)/eiengine convert --schema > docs/reference/pipelines.schema.json

docs-current: build
	@$(BIN)/eiengine inspect --md | diff -u docs/reference/elements.md - || { echo "docs/reference/elements.md is old: run make docs"; exit 1; }
	@$(BIN)/eiengine convert --schema | diff -u docs/reference/pipelines.schema.json - || { echo "docs/reference/pipelines.schema.json is old: run make docs"; exit 1; }

.PHONY: onnxruntime
onnxruntime: ## fetch ONNX Runtime (110 MB, npm registry) for the tests of .onnx models
	@.ci/onnxruntime $(ORT)

bench: ## run the benchmarks
	$(GO) test -run='^$$' -bench=. -benchmem ./...

# What the benchmarks run of GStreamer.
GST_TOOLS := gst-launch-1.0:gstreamer1.0-tools :gstreamer1.0-plugins-base :gstreamer1.0-plugins-good

.PHONY: bench-pixels
bench-pixels: ## what a pixel costs here, in libyuv and in GStreamer
	@.ci/need libyuv.so.0:libyuv0 $(GST_TOOLS) || echo "bench-pixels: goes on without what is missing" >&2
	$(GO) run ./benchmarks/pixels

bench-peers: build ## what a frame costs here and in GStreamer, ONLY=<regexp> for some of the lines
	@.ci/need $(GST_TOOLS)
	$(GO) run ./benchmarks/peers -only '$(ONLY)'

.PHONY: bench-samples
bench-samples: build ## what a sample of sound costs here and in GStreamer, and how good it is, ONLY=<regexp> for some of the rows
	@.ci/need $(GST_TOOLS)
	$(GO) run ./benchmarks/samples -only '$(ONLY)'

.PHONY: bench-codecs
bench-codecs: build ## what a JPEG or PNG costs here and in GStreamer, ONLY=<regexp> for some of the lines
	@.ci/need libturbojpeg.so.0:libturbojpeg0 $(GST_TOOLS)
	$(GO) run ./benchmarks/codecs -only '$(ONLY)'

.PHONY: bench-models
bench-models: ## drive the models in EIMS=<dir> by this engine and by the official runners
	@[ -n "$(EIMS)" ] || { echo "bench-models: set EIMS to a folder of .eim files of models of pictures" >&2; exit 1; }
	$(GO) run ./benchmarks/models $(EIMS)/*.eim

soak: ## break devices and models for half an hour, run the tests of the runtime again and again: hours in all
	GUEST_SOAK=$(SOAK) GUEST_TIMEOUT=7200 GUEST_FLAGS=-test.v GUEST_RUN=GuestSoak .ci/guest-tests ./cmd/eiengine
	@.ci/need pulseaudio:pulseaudio pactl:pulseaudio-utils libasound.so.2:libasound2 :libasound2-plugins || \
		echo "soak: without a sound server, whose soak is skipped" >&2
	HOST_SOAK=$(SOAK) $(GO) test -count=1 -v -timeout=3h -run=HostSoak ./cmd/eiengine
	EIM_KILLS=200 $(GO) test -count=1 -timeout=30m -run EngineKilledAtRandomMoments ./infer/eim
	GUEST_FRAMES=100000 GUEST_TIMEOUT=7200 GUEST_RUN=ZeroCopy .ci/guest-tests $(IN_GUEST)
	$(GO) test -count=50 -timeout=3h . ./flow ./capture ./bus/... ./infer/eim ./infer/eimserve ./infer

clean: ## remove what was built
	rm -rf $(BIN) demo-out
