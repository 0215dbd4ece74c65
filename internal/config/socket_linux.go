package config

const defaultSocket = "seqpacket"
