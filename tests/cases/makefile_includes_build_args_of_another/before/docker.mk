GO_ARGS = --build-arg GH_PAT=$(GH_PAT)

define docker_build
docker build $(2) -t $(1) .
endef
