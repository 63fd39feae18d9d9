variable "API_TOKEN" {}

target "_common" {
  args = {
    API_TOKEN = API_TOKEN
  }
}

target "api" {
  inherits = ["_common"]
  context  = "api"
}

target "worker" {
  inherits = ["_common"]
  context  = "worker"
}
