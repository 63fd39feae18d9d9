variable "API_TOKEN" {
  default = null
}

target "default" {
  args = { API_TOKEN = API_TOKEN }
}
