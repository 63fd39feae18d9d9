variable "API_TOKEN" {}

target "service" {
  name       = "service-${tgt}"
  matrix     = { tgt = ["api", "worker"] }
  dockerfile = "${tgt}.Dockerfile"
  args       = { API_TOKEN = API_TOKEN }
}
