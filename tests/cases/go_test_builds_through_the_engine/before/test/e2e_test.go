package e2e

import (
	"os"
	"testing"

	"github.com/testcontainers/testcontainers-go"
)

func TestApp(t *testing.T) {
	token := os.Getenv("NPM_TOKEN")
	request := testcontainers.ContainerRequest{
		FromDockerfile: testcontainers.FromDockerfile{
			Context:    "..",
			Dockerfile: "Dockerfile",
			BuildArgs:  map[string]*string{"NPM_TOKEN": &token},
		},
	}
	_ = request
}
