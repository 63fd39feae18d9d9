variable "API_TOKEN" {
  default = "canary-default-1"
}

target "default" {
  args = { API_TOKEN = API_TOKEN }
}
