# All images at once, from nothing: `make images`.

variable "TAG"            { default = "dev" }
variable "APT_PASSWORD"   {}
variable "PACKAGES_TOKEN" {}
variable "TIDES_FEED"     { default = "" }

group "default" {
  targets = ["base", "web", "api"]
}

target "_service" {
  args = {
    PACKAGES_TOKEN = PACKAGES_TOKEN   // npm and PyPI have the same one
  }
  labels = { "com.example.team" = "harbour" }
}

target "base" {
  context = "images/base"
  args    = { APT_PASSWORD = APT_PASSWORD }
  tags    = ["registry.example.com/harbour/base:${TAG}"]
}

target "web" {
  inherits = ["_service"]
  context  = "services/web"
  args     = { RELEASE = TAG }
  tags     = ["registry.example.com/harbour/web:${TAG}"]
}

target "api" {
  inherits = ["_service"]
  context  = "services/api"
  contexts = {
    harbour-base = "target:base"
  }
  args = {
    BASE       = "harbour-base"
    TIDES_FEED = "${TIDES_FEED}"
  }
  tags = ["registry.example.com/harbour/api:${TAG}"]
}
