variable "NPM_TOKEN" {}

target "api" {
  context = "api"
  secret = ["id=NPM_TOKEN"]
}

target "worker" {
  inherits = ["api"]
  context  = "worker"
}
