# docker buildx bake
variable "TAG" {
  default = "latest"
}

variable "API_TOKEN" {
  default = ""
}

variable "NPM_TOKEN" {}

group "default" {
  targets = ["api", "web"]
}

target "api" {
  context = "api"
  secret  = ["id=API_TOKEN"]
  tags    = ["example/api:${TAG}"]
}

target "web" {
  context = "web"
  args = {
    NODE_ENV  = "production"
  }
  secret = [
    "id=netrc,src=.netrc", # for git
    "id=NPM_TOKEN", # for our own packages
  ]
  tags = ["example/web:${TAG}"]
}
