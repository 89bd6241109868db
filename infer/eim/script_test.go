package eim

func serveScript([]string) int { return 1 }
func runEngine() int           { return 1 }
