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
  args    = { API_TOKEN = API_TOKEN }
  tags    = ["example/api:${TAG}"]
}

target "web" {
  context = "web"
  args = {
    NODE_ENV  = "production"
    NPM_TOKEN = "${NPM_TOKEN}" # for our own packages
  }
  secret = [
    "id=netrc,src=.netrc", # for git
  ]
  tags = ["example/web:${TAG}"]
}
