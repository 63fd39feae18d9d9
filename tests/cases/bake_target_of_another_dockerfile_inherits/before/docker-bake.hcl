variable "NPM_TOKEN" {}

target "api" {
  context = "api"
  args = {
    NPM_TOKEN = NPM_TOKEN
  }
}

target "worker" {
  inherits = ["api"]
  context  = "worker"
}
