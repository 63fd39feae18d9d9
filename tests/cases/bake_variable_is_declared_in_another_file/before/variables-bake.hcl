variable "API_TOKEN" {
  default = ""
}
