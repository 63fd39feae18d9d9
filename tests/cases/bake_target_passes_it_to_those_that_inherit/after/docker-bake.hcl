variable "API_TOKEN" {}

target "_common" {
  secret = ["id=API_TOKEN"]
}

target "api" {
  inherits = ["_common"]
  context  = "api"
}

target "worker" {
  inherits = ["_common"]
  context  = "worker"
}
