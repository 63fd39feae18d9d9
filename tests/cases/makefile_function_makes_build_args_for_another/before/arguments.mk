BUILD_OPTIONS = $(NAMES:%=--build-arg %)
