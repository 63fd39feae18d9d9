variable "API_TOKEN" {}

target "service" {
  name       = "service-${tgt}"
  matrix     = { tgt = ["api", "worker"] }
  dockerfile = "${tgt}.Dockerfile"
  secret     = ["id=API_TOKEN"]
}
