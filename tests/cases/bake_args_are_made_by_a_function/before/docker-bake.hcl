variable "API_TOKEN" {}
common = { PORT = "8080" }

target "default" {
  args = merge(common, { API_TOKEN = API_TOKEN })
}
